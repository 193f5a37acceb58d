//! What the page says.

use super::address;
use super::markup::{both, document, fact, heading, name, time};
use crate::api::copies::{NOTICE, Traced, page_ranges, status_words, svg};
use crate::app::App;
use crate::http::Problem;
use crate::verification::current_status;
use axum::http::StatusCode;
use std::fmt::Write as _;
use yinxin_registry::usage::code;
use yinxin_registry::usage::copy::{CopyForm, RegisteredCopy};
use yinxin_registry::usage::document::Format;
use yinxin_seal::report::escape;

/// Most characters of what somebody typed that are shown again.
const TYPED: usize = 64;

/// The page of a code that stands for something.
///
/// # Errors
/// `INTERNAL` where the address does not fit into a QR code.
pub(super) fn found(app: &App, traced: &Traced) -> Result<String, Problem> {
    let (notice_zh, notice_en) = NOTICE;
    let mut body = format!(
        "<main><h1>您手中的是副本 <span lang=\"en\">What you hold is a copy</span></h1><p class=\"code\">{}</p><div class=\"notice\">{}</div>",
        escape(&code::grouped(&traced.code)),
        both(notice_zh, notice_en),
    );
    body.push_str(&match &traced.copy {
        Some(copy) => registered(copy),
        None => not_registered(),
    });
    body.push_str(&original(traced));
    body.push_str(&seals(traced));
    body.push_str(&how_to_check(app, &traced.code));
    body.push_str(&when_it_does_not_fit(app));
    let link = address(app, &traced.code);
    let _ = write!(
        body,
        "</main><footer><p>查询时间：{} <span lang=\"en\">Time of this answer</span></p><p><code>{}</code></p>{}</footer>",
        time(traced.now),
        escape(&link),
        svg(&link)?,
    );
    Ok(document("副本查验 · Check of a copy", &body))
}

/// What is known of a registered copy.
fn registered(copy: &RegisteredCopy) -> String {
    let form = match &copy.facts().form {
        CopyForm::Print => "打印件 <span lang=\"en\">print-out</span>".to_owned(),
        CopyForm::Conversion { format } => {
            format!("格式转换件（{}） <span lang=\"en\">conversion</span>", name(format))
        }
    };
    let mut part = heading("这份副本", "This copy");
    if let Some(withdrawal) = copy.withdrawn() {
        let _ = write!(
            part,
            "<div class=\"notice\" role=\"alert\"><p><strong>这份副本已撤回</strong>，自 {} 起。请勿依据它办事。\
             <span lang=\"en\">This copy is withdrawn. Do not rely on it.</span></p></div>",
            time(withdrawal.at)
        );
    }
    let state = match copy.withdrawn() {
        None => "有效 <span lang=\"en\">valid: its issuer stands by it</span>",
        Some(_) => "已撤回 <span lang=\"en\">withdrawn</span>",
    };
    let facts = [
        fact("状态", "State", state),
        fact("形式", "Form", &form),
        fact("登记份数", "Registered number", &copy.facts().number.to_string()),
        fact("登记时间", "Registered", &time(copy.at())),
    ];
    let _ = write!(part, "<dl>{}</dl>", facts.concat());
    part
}

/// What has to be said where the code is that of the document itself.
fn not_registered() -> String {
    heading("这份副本", "This copy")
        + &both(
            "这是原电子文件自身的验证码，印在纸面上便于找到原件。这份副本没有单独登记，发出者是否认可它，此处无从得知。",
            "This is the code of the original document itself, put on paper so that the original can be found. This copy was not registered by \
             itself: whether its issuer stands by it is not known here.",
        )
}

fn original(traced: &Traced) -> String {
    let digest = format!("<code>{}</code>", escape(&traced.sealed.digest));
    let (format, digest) = match traced.format {
        Format::Ofd | Format::Pdf => (
            fact(
                "文件格式",
                "Format",
                &format!(
                    "{}，{} 字节 (bytes)",
                    if traced.format == Format::Pdf { "PDF" } else { "OFD" },
                    traced.sealed.size
                ),
            ),
            fact("SM3 摘要", "SM3 digest", &digest),
        ),
        // The document was never here: its digest is not known, that of the value inside it is.
        Format::OfdSignature | Format::PdfDigest => (
            fact(
                "文件格式",
                "Format",
                &format!(
                    "{}，文件由发出者自行保存 <span lang=\"en\">kept by its issuer</span>",
                    if traced.format == Format::PdfDigest { "PDF" } else { "OFD" }
                ),
            ),
            fact("文件内签章数据的 SM3 摘要", "SM3 digest of the signature value in it", &digest),
        ),
    };
    let facts = [
        fact("文件种类", "Kind of document", &name(&traced.document_kind)),
        fact("用印时间", "Sealed", &time(traced.sealed.at)),
        format,
        digest,
    ];
    let disposed = traced.disposed_at.map(|at| {
        format!(
            "<div class=\"notice\"><p>登记机关保存的原件内容已于 {} 按保管期限规定销毁；摘要和用印登记仍然保存，持有原件者仍可据此核对。 \
             <span lang=\"en\">The registry disposed of its copy of the original by the rules of keeping. Digest and register are kept: \
             whoever has the original can still compare it.</span></p></div>",
            time(at)
        )
    });
    format!(
        "{}<dl>{}</dl>{}",
        heading("原电子文件", "The original electronic document"),
        facts.concat(),
        disposed.unwrap_or_default()
    )
}

fn seals(traced: &Traced) -> String {
    let columns = [
        ("印章", "Seal"),
        ("所有人", "Owner"),
        ("所在页", "Pages"),
        ("用印时状态", "Status then"),
        ("现在状态", "Status now"),
    ];
    let head: String = columns
        .iter()
        .map(|(zh, en)| format!("<th scope=\"col\">{zh}<span lang=\"en\">{en}</span></th>"))
        .collect();
    let mut rows = String::new();
    for on in &traced.seals {
        let status = |at| {
            let (zh, en) = status_words(current_status(&on.seal, at));
            format!("{zh} <span lang=\"en\">{en}</span>")
        };
        let _ = write!(
            rows,
            "<tr><td>{}<br><code>{}</code></td><td>{}</td><td>{}</td><td>{}<br>{}</td><td>{}</td></tr>",
            name(on.seal.name()),
            escape(on.seal.code()),
            name(on.seal.unit_name()),
            page_ranges(&on.pages),
            status(on.at),
            time(on.at),
            status(traced.now),
        );
    }
    format!(
        "{}<div class=\"scroll\" role=\"region\" tabindex=\"0\" aria-label=\"原件上的印章 · Seals on the original\"><table><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table></div>",
        heading("原件上的印章", "Seals on the original")
    )
}

fn how_to_check(app: &App, code: &str) -> String {
    let base = escape(&app.base());
    let code = escape(code);
    let steps = [
        both(
            "向交给您这份副本的人索取原电子文件（OFD 或 PDF）。",
            "Ask whoever gave you this copy for the original electronic document (OFD or PDF).",
        ),
        both(
            "计算它的 SM3 值，例如 <code>openssl dgst -sm3 文件.ofd</code>，应与上面的摘要逐字相同。",
            "Compute its SM3, for example <code>openssl dgst -sm3 file.ofd</code>; it must be the digest above, digit by digit.",
        ),
        both(
            &format!(
                "在核验页面 <a href=\"{base}/\">{base}/</a> 选择原电子文件，核验签名、证书和印章状态（程序可以调用 \
                 <code>{base}/api/v1/verifications</code>）；只有摘要时，查询 \
                 <code>{base}/api/v1/copies/by-code/{code}?digest=SM3值</code>。"
            ),
            "Bring it to the page at the first address, which checks signatures, certificates and the status of the seals (programs: the \
             second); with the digest alone, ask at the third.",
        ),
        both(
            "将纸面内容与原件逐页对照：此页只能说明原件是什么，不能说明纸面内容未被改动。",
            "Compare the paper with the original page by page: this page says what the original is, not that the paper was left unchanged.",
        ),
    ];
    let steps: String = steps.iter().map(|step| format!("<li>{step}</li>")).collect();
    format!("{}<ol>{steps}</ol>", heading("怎样核对原件", "How to check the original"))
}

fn when_it_does_not_fit(app: &App) -> String {
    let authority = name(&app.authority.party().name);
    format!(
        "{}{}{}",
        heading("有不符之处", "When something does not fit"),
        both(
            "文件种类、印章、页数或者内容与纸面不同，状态不是“有效”，或者取不到原件时：不要依据这份副本办事；通过您自己查到的联系方式向印章所有人核实，\
             不要使用纸面上的电话。",
            "Where kind, seals, pages or content differ from the paper, a status is not “valid”, or the original cannot be had: do not rely on this \
             copy; ask the owner of the seal by a contact that you found yourself, not by one on the paper.",
        ),
        both(
            &format!("疑似伪造的，请保留纸面，向{authority}或者公安机关报告。"),
            "Where you suspect a forgery, keep the paper and report it to the authority named above or to the police.",
        ),
    )
}

/// The page of a code that stands for nothing here.
pub(super) fn unknown(app: &App, typed: &str) -> String {
    let typed: String = typed.chars().take(TYPED).collect();
    let body = format!(
        "<main><h1>没有这个验证码 <span lang=\"en\">No such code</span></h1><p class=\"code\">{}</p>{}{}{}</main>",
        name(&typed),
        both(
            "这里没有登记这个验证码。验证码共 20 位，由数字 2 至 9 和除 I、O 以外的英文字母组成，不区分大小写，空格和连字符可有可无。请对照纸面再输入一次。",
            "This code is not registered here. A code has 20 characters: the digits 2 to 9 and letters other than I and O, capital or small, with or \
             without spaces and hyphens. Compare it with the paper and try again.",
        ),
        both(
            &format!(
                "请同时核对网址：应为 <code>{}</code>。纸面上的二维码若指向别处，则不属于本登记机构。",
                escape(&app.base())
            ),
            "Check the address, too: it is the one above. A QR code that leads elsewhere is none of this registry's.",
        ),
        when_it_does_not_fit(app),
    );
    document("没有这个验证码 · No such code", &body)
}

/// The page for what went wrong here.
pub(super) fn failed(app: &App, status: StatusCode) -> String {
    let words = match status {
        StatusCode::TOO_MANY_REQUESTS => both(
            "从您的网络来的查询太多，请过一分钟再试。",
            "There were too many questions from your network. Please try again in a minute.",
        ),
        _ => both(
            "现在无法查询。这不说明副本有问题，也不说明它没有问题；请稍后再试。",
            "The answer cannot be given now. That says nothing about the copy, neither good nor bad. Please try again later.",
        ),
    };
    let body = format!(
        "<main><h1>请稍后再试 <span lang=\"en\">Please try again later</span></h1>{words}<p>{}</p></main>",
        name(&app.authority.party().name)
    );
    document("请稍后再试 · Please try again later", &body)
}
