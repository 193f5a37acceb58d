//! How a part of the registry is described so that pages of it can be made: what its list asks, what its page shows, what can be done.
//!
//! A book is a table of constants over the API's JSON: places are JSON pointers into what the API answers or is sent. It decides nothing
//! about who may do what: forms are offered by role, and the API permits or refuses.

use super::say::{Named, Say};
use serde_json::Value;

/// A kind of thing: a list, a page for each, forms.
pub struct Book {
    /// Name in the path of its pages: `/desk/units`.
    pub name: &'static str,
    /// Which pages it has.
    pub pages: Pages,
    /// Path of the list in the API.
    pub api: &'static str,
    /// Place of the identifier in a row.
    pub key: &'static str,
    /// What the list is called.
    pub title: Say,
    /// What it is for, one sentence.
    pub lead: Say,
    /// What an empty list teaches.
    pub empty: Say,
    /// Behind the question mark.
    pub help: &'static [Say],
    /// Which part of the index it stands in.
    pub shelf: Shelf,
    /// Who finds it in the index.
    pub readers: &'static [&'static str],
    /// What the list may be asked by.
    pub filters: &'static [Filter],
    /// Place of the title of a row.
    pub heading: &'static str,
    /// What the second line of a row says.
    pub row: &'static [Fact],
    /// What the page shows.
    pub facts: &'static [Fact],
    /// Tables on the page.
    pub parts: &'static [Part],
    /// What can be done with one.
    pub deeds: &'static [Deed],
    /// How one comes about.
    pub makers: &'static [Deed],
}

/// Which pages a book has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Pages {
    /// A list, and one for each thing.
    Own,
    /// A list whose rows lead to the things of another book.
    Of(&'static str),
    /// One page without a list: `api` answers with it.
    Alone,
}

/// Part of the index.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Shelf {
    /// Units, people.
    Directory,
    /// What is watched.
    Supervision,
    /// Rules.
    Rules,
    /// Programs and other systems.
    Connections,
    /// Keys, mails.
    System,
}

/// Something a list may be asked by.
pub struct Filter {
    /// Name of the query parameter.
    pub name: &'static str,
    /// Words.
    pub label: Say,
    /// Codes; none: free text.
    pub choices: &'static [Named],
}

/// Something that is shown.
pub struct Fact {
    /// Words.
    pub label: Say,
    /// Place in the record.
    pub at: &'static str,
    /// How.
    pub show: Show,
}

/// How a value is shown.
pub enum Show {
    /// As it is.
    Text,
    /// As a code to be compared or copied.
    Code,
    /// To the minute.
    Moment,
    /// The day.
    Day,
    /// By words for codes, as a badge.
    State(&'static [Named]),
    /// By words for codes; a list of them joined.
    Named(&'static [Named]),
    /// Its own Chinese beside it, in a member with `_zh` added.
    Zh,
    /// One of two.
    Flag(Say, Say),
    /// Roles by their names.
    Roles,
    /// Leads to a page of this book.
    Link(&'static str),
    /// Leads to the page of whatever it is.
    Thing,
    /// Several lines, as they are.
    Pre,
    /// Fen, told in yuan.
    Money,
}

/// A table on the page of a thing.
pub struct Part {
    /// Words.
    pub title: Say,
    /// Where it comes from: a path of the API with `{id}`, or nothing for the record itself.
    pub api: Option<&'static str>,
    /// Place of the rows.
    pub at: &'static str,
    /// Who may see it; empty: everybody who sees the thing.
    pub readers: &'static [&'static str],
    /// Columns.
    pub columns: &'static [Fact],
    /// What an empty one says; empty: it is left out then.
    pub empty: Say,
    /// As steps one after another instead of a table.
    pub track: bool,
    /// What can be done with a row.
    pub deed: Option<RowDeed>,
}

/// Something that is done with a row of a table.
pub struct RowDeed {
    /// Name in the path.
    pub verb: &'static str,
    /// Path of the API with `{row}`, and `{id}` for the thing of the page.
    pub path: &'static str,
    /// Place of the row's identifier.
    pub key: &'static str,
    /// When it is offered.
    pub when: fn(&Value) -> bool,
    /// Words on the button.
    pub button: Say,
    /// Words afterwards.
    pub done: Say,
}

/// Something that is done by a form.
pub struct Deed {
    /// Name in the path of the page.
    pub verb: &'static str,
    /// Who is offered it.
    pub roles: &'static [&'static str],
    /// When it is offered.
    pub when: fn(&Value) -> bool,
    /// Place of the accounts that alone are offered it; empty: everybody with the role.
    pub only: &'static str,
    /// Words on the button that opens and the one that sends it.
    pub title: Say,
    /// What it does.
    pub help: Say,
    /// Whether it takes something away.
    pub danger: bool,
    /// How the API is asked.
    pub method: Method,
    /// Path of the API, with `{id}`, and `{of}` for what the field `of` names.
    pub path: &'static str,
    /// Fields.
    pub entries: &'static [Entry],
    /// What is sent besides, place and text.
    pub fixed: &'static [(&'static str, &'static str)],
    /// Words afterwards.
    pub done: Say,
    /// What is shown of the answer, once; empty: the page of the thing comes.
    pub told: &'static [Fact],
    /// Whether what is shown has to be kept: a secret that is never shown again.
    pub secret: bool,
    /// A page of its own, where a table of fields does not do; `{id}` for the thing. Empty: the form stands here.
    pub page: &'static str,
}

/// How the API is asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Method {
    /// `POST`.
    Post,
    /// `PUT`.
    Put,
    /// `PATCH`.
    Patch,
}

/// A field of a form.
pub struct Entry {
    /// Name, as `frame::form` has it.
    pub name: &'static str,
    /// `text`, `date`, `number`, `area`, `select`, `check`, `many`, `hidden`; `scope`: what a role is for, chosen on another page.
    pub kind: &'static str,
    /// Words.
    pub label: Say,
    /// What helps.
    pub help: Say,
    /// Place of what stands already.
    pub present: &'static str,
    /// Whether it may stay empty.
    pub optional: bool,
    /// Longest text.
    pub most: u32,
    /// What can be chosen.
    pub choices: Choices,
    /// What the script checks as one types.
    pub check: &'static str,
}

/// What can be chosen.
pub enum Choices {
    /// Nothing: it is typed.
    None,
    /// These.
    These(&'static [Named]),
    /// Roles that the record has, each with what it is for: role and scope, a space between.
    Held,
    /// Rows of a list of the API, `{id}` and `{seal}` as the record has them: path, place of the value, place of the words; with the words for no choice, if there may be none.
    Listed(&'static str, &'static str, &'static str, Option<Say>),
}

/// Always.
pub fn always(_: &Value) -> bool {
    true
}

/// A field that is typed.
pub const fn typed(name: &'static str, label: Say) -> Entry {
    Entry {
        name,
        kind: "text",
        label,
        help: Say::NONE,
        present: "",
        optional: false,
        most: 200,
        choices: Choices::None,
        check: "",
    }
}

/// The reason of a step.
pub const fn reason() -> Entry {
    Entry { kind: "area", most: 2000, ..typed("s:/reason", Say("理由", "Reason")) }
}

/// Something shown as it is.
pub const fn text(label: Say, at: &'static str) -> Fact {
    Fact { label, at, show: Show::Text }
}

/// Something shown in another way.
pub const fn fact(label: Say, at: &'static str, show: Show) -> Fact {
    Fact { label, at, show }
}

/// A form for `POST` of a path.
pub const fn deed(
    verb: &'static str,
    roles: &'static [&'static str],
    path: &'static str,
    title: Say,
) -> Deed {
    Deed {
        verb,
        roles,
        when: always,
        only: "",
        title,
        help: Say::NONE,
        danger: false,
        method: Method::Post,
        path,
        entries: &[],
        fixed: &[],
        done: Say("已完成。", "Done."),
        told: &[],
        secret: false,
        page: "",
    }
}

/// A table from the API.
pub const fn part(title: Say, api: &'static str, columns: &'static [Fact]) -> Part {
    Part {
        title,
        api: Some(api),
        at: "/items",
        readers: &[],
        columns,
        empty: Say::NONE,
        track: false,
        deed: None,
    }
}

/// A table out of the record.
pub const fn inside(title: Say, at: &'static str, columns: &'static [Fact]) -> Part {
    Part { title, api: None, at, readers: &[], columns, empty: Say::NONE, track: false, deed: None }
}
