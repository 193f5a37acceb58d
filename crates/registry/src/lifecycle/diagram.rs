//! The state diagrams of the documentation, from the same tables that decide.

use super::{Rule, State, application, change, seal};
use crate::approval::standing;
use crate::correction::ticket;
use crate::custody::{grant, keeping};
use crate::retention::{disposal, dossier};
use crate::usage::{document, request};
use std::fmt::Write as _;

/// The page `docs/generated/lifecycle.md`: a Mermaid diagram and a table for each machine.
pub fn page() -> String {
    let mut out = String::from(
        "# 电子印章生命周期 · Life of a seal\n\n由状态表生成，与测试所用的表相同。 Generated from the tables that decide and that the tests walk through.\n",
    );
    machine(&mut out, "制章申请 · Application", application::TABLE);
    machine(&mut out, "电子印章 · Seal", seal::TABLE);
    machine(&mut out, "变更 · Change case", change::TABLE);
    machine(&mut out, "保管 · Custody", keeping::TABLE);
    machine(&mut out, "用印授权 · Grant of use", grant::TABLE);
    machine(&mut out, "常设授权 · Standing authorization", standing::TABLE);
    machine(&mut out, "用印申请 · Request for use", request::TABLE);
    machine(&mut out, "用印文件 · Document of a request", document::TABLE);
    machine(&mut out, "用印案卷 · Dossier of a request", dossier::TABLE);
    machine(&mut out, "销毁清单 · List of disposal", disposal::TABLE);
    machine(&mut out, "监管单 · Ticket of supervision", ticket::TABLE);
    out
}

fn machine<S: State>(out: &mut String, title: &str, table: &[Rule<S>]) {
    let _ = write!(out, "\n## {title}\n\n```mermaid\nstateDiagram-v2\n");
    for state in S::ALL {
        let _ = writeln!(out, "    {} : {} {}", state.as_str(), state.zh(), state.as_str());
    }
    for rule in table {
        let _ = writeln!(out, "    {} --> {} : {}", rule.from.as_str(), rule.to.as_str(), rule.event);
    }
    for state in S::ALL.iter().filter(|s| table.iter().all(|rule| rule.from != **s)) {
        let _ = writeln!(out, "    {} --> [*]", state.as_str());
    }
    out.push_str("```\n\n| 状态 state | 事件 event | 之后 then |\n|---|---|---|\n");
    for rule in table {
        let _ = writeln!(
            out,
            "| {} `{}` | `{}` | {} `{}` |",
            rule.from.zh(),
            rule.from.as_str(),
            rule.event,
            rule.to.zh(),
            rule.to.as_str()
        );
    }
}
