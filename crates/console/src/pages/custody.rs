//! What is done on the card of a seal by those who keep it: custody, checks, the activation password, rights.

use super::deed::{Failed, act};
use super::seal;
use crate::api::shapes::{Custody, Nameables, Programs, Seal};
use crate::api::{Call, FieldFault};
use crate::frame::{Fault, Field, Form, Key, Person, Sent, Visit, see};
use crate::state::Shared;
use crate::words::Words;
use axum::extract::{Path, State};
use axum::response::Response;
use jiff::civil::Date;
use serde_json::{Map, Value, json};

/// Something that can be done, folded away until it is wanted.
pub struct Deed {
    /// What it is called in paths.
    pub verb: &'static str,
    /// What it is called.
    pub title: &'static str,
    /// What comes of it.
    pub help: &'static str,
    /// Version of the custody it is based on; the API wants none of some.
    pub version: Option<i64>,
    /// Fields.
    pub fields: Vec<Field>,
    /// Said instead of the fields where nobody can be named.
    pub nobody: &'static str,
    /// Unfolded: it was refused a moment ago.
    pub open: bool,
}

/// Everything that this person may do with the custody of this seal now.
///
/// # Errors
/// Problems of the API.
pub async fn deeds(
    console: &Shared,
    visit: &Visit,
    seal: &Seal,
    custody: Option<&Custody>,
    failed: Option<&Failed>,
) -> Result<Vec<Deed>, Fault> {
    let (Some(session), Some(custody)) = (&visit.session, custody) else { return Ok(Vec::new()) };
    if !matches!(seal.row.state.as_str(), "active" | "suspended") {
        return Ok(Vec::new());
    }
    let w = Words(visit.lang);
    let me = session.account.id.as_str();
    let keeps = custody.keeper.as_ref().is_some_and(|keeper| keeper.account == me);
    let agent = session.is("unit_agent");
    if !keeps && !agent {
        return Ok(Vec::new());
    }
    let others = people(console, visit, &seal.row.id, "custodian").await?;
    let present = custody.keeper.as_ref().map(|keeper| keeper.account.as_str());
    let others: Vec<_> =
        others.into_iter().filter(|(account, _)| Some(account.as_str()) != present).collect();
    let desk = Desk { visit, failed, w, version: custody.version };
    let mut deeds = Vec::new();
    match custody.state.as_str() {
        "vacant" if agent => deeds.push(desk.naming("custody-offer", &others, false)),
        "kept" if agent => deeds.push(desk.naming("custody-replace", &others, true)),
        "offered" | "handing_over" if agent => deeds.push(desk.take_back()),
        _ => {}
    }
    if keeps {
        let given = custody.handover.as_ref().is_some_and(|handover| handover.given_at.is_some());
        match custody.state.as_str() {
            "kept" => deeds.push(desk.naming("custody-hand-over", &others, true)),
            "handing_over" if !given => deeds.push(desk.plain("custody-confirm")),
            _ => {}
        }
        deeds.push(desk.check());
        deeds.push(desk.activation(custody.activation.as_ref().is_some_and(|known| known.keeper == me)));
        let users = people(console, visit, &seal.row.id, "user").await?;
        deeds.push(desk.grant(users));
    }
    let path = format!("/seals/{}/programs", Key::parse(&seal.row.id)?);
    let programs: Programs = console.api.read(visit, &path).await?;
    deeds.push(desk.standing(programs));
    Ok(deeds)
}

/// People of the unit who hold a role: account and name.
pub async fn people(
    console: &Shared,
    visit: &Visit,
    seal: &str,
    role: &str,
) -> Result<Vec<(String, String)>, Fault> {
    let path = format!("/seals/{}/people?role={role}", Key::parse(seal)?);
    let found: Nameables = console.api.read(visit, &path).await?;
    Ok(found.items.into_iter().map(|person| (person.account, person.name)).collect())
}

/// What forms of a seal's card are made with.
struct Desk<'a> {
    visit: &'a Visit,
    failed: Option<&'a Failed>,
    w: Words,
    version: i64,
}

impl Desk<'_> {
    fn form(&self, verb: &str) -> Form {
        Failed::of(self.failed, verb)
            .map_or_else(|| Form::new(self.visit.lang), |f| Form::again(self.visit.lang, &f.sent, &f.problem))
    }

    fn deed(&self, verb: &'static str, fields: Vec<Field>) -> Deed {
        let w = self.w;
        let (title, help) = match verb {
            "custody-offer" => (w.custody_offer(), w.custody_offer_help()),
            "custody-replace" => (w.custody_replace(), w.custody_replace_help()),
            "custody-hand-over" => (w.custody_hand_over(), w.custody_hand_over_help()),
            "custody-confirm" => (w.custody_confirm(), w.custody_hand_over_help()),
            "custody-take-back" => (w.custody_take_back(), w.custody_under_way()),
            "custody-check" => (w.custody_check(), ""),
            "custody-activation" => (w.custody_activation(), w.custody_activation_set()),
            "standing-propose" => (w.standing_propose(), w.standing_help()),
            _ => (w.grant_give(), w.grant_help()),
        };
        let open = Failed::of(self.failed, verb).is_some();
        Deed { verb, title, help, version: Some(self.version), fields, nobody: "", open }
    }

    /// One field of several forms on one page: told apart by its suffix.
    fn reason(&self, verb: &'static str) -> Field {
        let mut field = self.form(verb).field("s:/reason", "area", self.w.reason_word(), "").most(2000);
        field.suffix = verb;
        field
    }

    fn naming(&self, verb: &'static str, others: &[(String, String)], reasoned: bool) -> Deed {
        if others.is_empty() {
            return Deed { nobody: self.w.custody_nobody(), ..self.deed(verb, Vec::new()) };
        }
        let mut to = self.form(verb).field("s:/account", "select", self.w.custody_to(), "");
        to.suffix = verb;
        let mut fields = vec![to.choices(others.to_vec())];
        if reasoned {
            fields.push(self.reason(verb));
        }
        self.deed(verb, fields)
    }

    fn plain(&self, verb: &'static str) -> Deed {
        self.deed(verb, Vec::new())
    }

    fn take_back(&self) -> Deed {
        self.deed("custody-take-back", vec![self.reason("custody-take-back")])
    }

    fn check(&self) -> Deed {
        let form = self.form("custody-check");
        let mut in_order = form.field("b:/in_order", "check", self.w.custody_in_order(), "1");
        in_order.optional = true;
        self.deed(
            "custody-check",
            vec![in_order, form.field("s:/note", "area", self.w.custody_check_note(), "").most(2000)],
        )
    }

    fn activation(&self, known: bool) -> Deed {
        let form = self.form("custody-activation");
        let current = form.field("s:/current", "password", self.w.custody_current(), "").most(512);
        let new = form.field("s:/new", "password", self.w.custody_new(), "").most(128);
        let new = new.help(self.w.password_new_help()).complete("new-password");
        let fields = if known { vec![current, new] } else { vec![new] };
        Deed { version: None, ..self.deed("custody-activation", fields) }
    }

    fn grant(&self, users: Vec<(String, String)>) -> Deed {
        let (form, w) = (self.form("grant-give"), self.w);
        if users.is_empty() {
            return Deed { nobody: w.grant_nobody(), ..self.deed("grant-give", Vec::new()) };
        }
        let fields = vec![
            form.field("s:/to", "select", w.to_whom(), "").choices(users),
            form.field("until", "date", w.grant_until(), "").help(w.grant_until_help()).short(),
            form.field("l:/document_kinds", "area", w.grant_kinds(), "").most(2000).optional(),
            form.field("n:/most", "number", w.grant_most(), "").most(9).optional().short(),
            form.field("from_hour", "time", w.grant_from_hour(), "").optional().short(),
            form.field("hours", "time", w.grant_until_hour(), "").optional().short(),
        ];
        Deed { version: None, ..self.deed("grant-give", fields) }
    }

    fn standing(&self, programs: Programs) -> Deed {
        const VERB: &str = "standing-propose";
        let (form, w) = (self.form(VERB), self.w);
        if programs.items.is_empty() {
            return Deed { nobody: w.standing_nobody(), ..self.deed(VERB, Vec::new()) };
        }
        let programs = programs.items.into_iter().map(|program| (program.client, program.name)).collect();
        let mut fields = vec![
            form.field("s:/client", "select", w.standing_client(), "").choices(programs),
            form.field("s:/template", "text", w.standing_template(), "")
                .most(128)
                .help(w.standing_template_help()),
            form.field("l:/document_kinds", "area", w.standing_kinds(), "").most(2000),
            form.field("until", "date", w.grant_until(), "").help(w.grant_until_help()).short(),
            form.field("n:/most", "number", w.standing_most(), "").most(9).short(),
            form.field("value_each", "text", w.standing_value_each(), "").most(15).optional().short(),
            form.field("value_total", "text", w.standing_value_total(), "").most(15).optional().short(),
            form.field("from_hour", "time", w.grant_from_hour(), "").optional().short(),
            form.field("hours", "time", w.grant_until_hour(), "").optional().short(),
            form.field("s:/reason", "area", w.reason_word(), "").most(2000),
        ];
        for field in &mut fields {
            field.suffix = VERB;
        }
        Deed { version: None, ..self.deed(VERB, fields) }
    }
}

/// Yuan as they were typed, in fen; what is no amount goes as it is, and the API says so.
fn fen(yuan: &str) -> Value {
    let (whole, part) = yuan.split_once('.').unwrap_or((yuan, ""));
    let plain = |text: &str| text.bytes().all(|b| b.is_ascii_digit());
    let fits = !whole.is_empty() && whole.len() <= 12 && part.len() <= 2 && plain(whole) && plain(part);
    match format!("{whole}{part:0<2}").parse::<u64>() {
        Ok(fen) if fits => Value::from(fen),
        _ => Value::from(yuan),
    }
}

/// The end of a day in Beijing, as the API wants moments; what is no day goes as it is, and the API says so.
fn end_of(day: &str) -> String {
    match day.parse::<Date>() {
        Ok(day) => format!("{day}T23:59:59+08:00"),
        Err(_) => day.to_owned(),
    }
}

/// The right of a program that a form says.
fn standing(sent: &Sent) -> Value {
    let mut body = grant(sent);
    if let Some(members) = body.as_object_mut() {
        for name in ["value_each", "value_total"].into_iter().filter(|name| sent.has(name)) {
            members.insert(name.to_owned(), fen(sent.get(name)));
        }
    }
    body
}

/// The right that a form says.
fn grant(sent: &Sent) -> Value {
    let mut body = sent.body();
    let hour = |text: &str| if text.len() == 5 { format!("{text}:00") } else { text.to_owned() };
    if let Some(members) = body.as_object_mut() {
        members.insert("until".to_owned(), Value::from(end_of(sent.get("until"))));
        let (from, until) = (hour(sent.get("from_hour")), hour(sent.get("hours")));
        if !from.is_empty() || !until.is_empty() {
            members.insert("hours".to_owned(), json!({ "from": from, "until": until }));
        }
    }
    body
}

/// `POST /seals/{id}/custody/{verb}`.
pub async fn step(
    State(console): State<Shared>,
    Person(visit): Person,
    Path((id, verb)): Path<(String, String)>,
    sent: Sent,
) -> Response {
    let done = async {
        let key = Key::parse(&id)?;
        let (path, body) = match verb.as_str() {
            "custody-offer" => (format!("/seals/{key}/custody/offer"), sent.body()),
            "custody-replace" => (format!("/seals/{key}/custody/replace"), sent.body()),
            "custody-hand-over" => (format!("/seals/{key}/custody/hand-over"), sent.body()),
            "custody-confirm" => (format!("/seals/{key}/custody/confirm"), json!({})),
            "custody-decline" => (format!("/seals/{key}/custody/decline"), sent.body()),
            "custody-take-back" => (format!("/seals/{key}/custody/take-back"), sent.body()),
            "custody-check" => (format!("/seals/{key}/custody/check"), checked(&sent)),
            "custody-activation" => (format!("/seals/{key}/custody/activation"), sent.body()),
            "grant-give" => (format!("/seals/{key}/use-grants"), grant(&sent)),
            "standing-propose" => (format!("/seals/{key}/standings"), standing(&sent)),
            "grant-revoke" => (format!("/use-grants/{}/revoke", Key::parse(sent.get("grant"))?), sent.body()),
            _ => return Err(Fault::NotFound),
        };
        match act(&console, &visit, Call::post(path, &body), &verb, &sent).await? {
            None => Ok(see(&format!("/seals/{key}?done={verb}"))),
            Some(failed) => seal::refused(&console, &visit, &id, at_field(failed)).await,
        }
    };
    visit.finish(done.await)
}

/// A rule about one field stands beside it.
fn at_field(mut failed: Failed) -> Failed {
    let nothing =
        |name: &str| failed.sent.has(name) && failed.sent.get(name).chars().all(|c| "0.".contains(c));
    let place = match failed.problem.rule.as_deref() {
        Some("STANDING_LIMITS") if nothing("n:/most") => "/most",
        Some("STANDING_LIMITS") if nothing("value_each") => "/value_each",
        Some("STANDING_LIMITS") if nothing("value_total") => "/value_total",
        Some("GRANT_TIME" | "STANDING_LIMITS") => "/until",
        _ => "",
    };
    let problem = &mut failed.problem;
    if !place.is_empty() {
        problem.errors.push(FieldFault {
            pointer: Some(place.to_owned()),
            detail: problem.detail.clone(),
            detail_en: problem.detail_en.clone(),
            ..FieldFault::default()
        });
    }
    failed
}

/// A box that is not ticked is not sent; here it says something.
fn checked(sent: &Sent) -> Value {
    let mut body = sent.body();
    if let Some(members) = body.as_object_mut() {
        members.entry("in_order").or_insert(Value::Bool(false));
    } else {
        body = Value::Object(Map::new());
    }
    body
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_right_lasts_to_the_end_of_its_day_and_hours_are_whole() {
        let pair = |name: &str, value: &str| (name.to_owned(), value.to_owned());
        let sent = Sent::pairs(vec![
            pair("s:/to", "acct_x"),
            pair("until", "2027-03-01"),
            pair("l:/document_kinds", "合同\r\n公函"),
            pair("n:/most", ""),
            pair("from_hour", "09:00"),
            pair("hours", "18:00"),
        ]);
        assert_eq!(
            grant(&sent),
            json!({
                "to": "acct_x", "until": "2027-03-01T23:59:59+08:00", "document_kinds": ["合同", "公函"],
                "hours": { "from": "09:00:00", "until": "18:00:00" },
            })
        );
        assert_eq!(end_of("soon"), "soon");
        let amounts = ["100", "100.5", "0.05", ".5", "1.234", "ten", ""].map(fen);
        let told =
            [json!(10_000), json!(10_050), json!(5), json!(".5"), json!("1.234"), json!("ten"), json!("")];
        assert_eq!(amounts, told);
        assert_eq!(
            checked(&Sent::pairs(vec![pair("s:/note", "在")])),
            json!({ "note": "在", "in_order": false })
        );
    }
}
