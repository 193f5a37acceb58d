//! A mail, written out: one part of plain text. What of it is not ASCII is encoded, so that any relay carries it.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use jiff::Timestamp;
use jiff::tz::TimeZone;
use yinxin_registry::notice::Notice;

/// Characters of a subject in one encoded word: 12 of three bytes are 48 of Base64, and the line stays within the 76 of RFC 2047.
const WORD: usize = 12;
/// Base64 of a line.
const LINE: usize = 76;

/// Writes the mail of a notice. The subject tells what, the text what, until when and where; nothing of persons.
pub fn write(notice: &Notice, from: &str, to: &str, base: Option<&str>, now: Timestamp) -> Vec<u8> {
    let domain = from.rsplit_once('@').map_or("localhost", |(_, domain)| domain);
    let date = jiff::fmt::rfc2822::to_string(&now.to_zoned(TimeZone::UTC)).unwrap_or_default();
    let subject = encoded(&format!("[印信] {} · {}", notice.title.zh, notice.title.en));
    let id = &notice.id;
    let text = STANDARD.encode(text(notice, base));
    let mut mail = format!(
        "Date: {date}\r\nFrom: Yinxin <{from}>\r\nTo: <{to}>\r\nSubject: {subject}\r\nMessage-ID: <{id}@{domain}>\r\n\
         Auto-Submitted: auto-generated\r\nMIME-Version: 1.0\r\nContent-Type: text/plain; charset=UTF-8\r\n\
         Content-Transfer-Encoding: base64\r\n\r\n"
    );
    for line in text.as_bytes().chunks(LINE) {
        mail.push_str(&String::from_utf8_lossy(line));
        mail.push_str("\r\n");
    }
    mail.into_bytes()
}

fn text(notice: &Notice, base: Option<&str>) -> String {
    let link = format!("{}/api/v1/notices/{}", base.unwrap_or_default(), notice.id);
    let due = match notice.due {
        Some(due) => format!("期限 Deadline: {}\r\n", due.strftime("%Y-%m-%d %H:%M UTC")),
        None => String::new(),
    };
    format!("{}\r\n{}\r\n\r\n{due}详情 Details: {link}\r\n", notice.text.zh, notice.text.en)
}

/// A header's text as encoded words.
fn encoded(text: &str) -> String {
    let characters: Vec<char> = text.chars().collect();
    let words: Vec<String> = characters
        .chunks(WORD)
        .map(|part| format!("=?UTF-8?B?{}?=", STANDARD.encode(part.iter().collect::<String>())))
        .collect();
    words.join("\r\n ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use yinxin_registry::ids::{AccountId, NoticeId};
    use yinxin_registry::notice::template;

    #[test]
    fn a_mail_is_ascii_with_short_lines_and_says_when() {
        let (title, text) = template("seal.renewal_reminder").unwrap().render("91330000100000");
        let notice = Notice {
            id: NoticeId::parse("ntc_01k0000000000000000000000a").unwrap(),
            account: AccountId::parse("acct_01k0000000000000000000000a").unwrap(),
            event: "one".to_owned(),
            kind: "seal.renewal_reminder".to_owned(),
            subject: "seal_01k0000000000000000000000a".to_owned(),
            label: None,
            title,
            text,
            due: Some("2027-01-02T03:04:05Z".parse().unwrap()),
            at: Timestamp::UNIX_EPOCH,
        };
        let mail = write(&notice, "seal@registry.example", "one@unit.example", None, Timestamp::UNIX_EPOCH);
        let mail = String::from_utf8(mail).unwrap();
        assert!(mail.is_ascii() && mail.lines().all(|line| line.len() <= 78), "{mail}");
        assert!(mail.starts_with("Date: Thu, 1 Jan 1970 00:00:00"), "{mail}");
        let (_, body) = mail.split_once("\r\n\r\n").unwrap();
        let body = STANDARD.decode(body.replace("\r\n", "")).unwrap();
        let body = String::from_utf8(body).unwrap();
        assert!(body.contains("91330000100000") && body.contains("2027-01-02 03:04 UTC"), "{body}");
        assert!(body.contains("/api/v1/notices/ntc_01k0000000000000000000000a"));
    }
}
