//! Export of a case with proof.

use super::{BATCH, sign_head};
use crate::app::{App, Stop};
use crate::http::{Code, Problem};
use yinxin_registry::audit::{CaseExport, ExportBuilder};

/// Every record about `subjects`, with the signed head that covers them and a proof of inclusion for each.
///
/// # Errors
/// `NOT_FOUND` when there is no record; `INTEGRITY` when the chain is not sound up to the head; problems of the database.
pub async fn export(app: &App, case: &str, subjects: Vec<String>) -> Result<CaseExport, Stop> {
    let head = sign_head(app).await?.ok_or_else(|| Problem::new(Code::NotFound))?;
    let until = head.seq;
    let broken = |error: yinxin_registry::audit::ExportFault| {
        tracing::error!(code = error.code(), "a case cannot be exported");
        Problem::new(Code::Integrity)
    };
    let mut builder = ExportBuilder::new(case.to_owned(), subjects, head);
    let mut access = app.store.read().await?;
    let mut position = 0;
    while position < until {
        let rows = access.audit_rows(position, BATCH).await?;
        let Some(last) = rows.last() else { return Err(Problem::new(Code::Integrity).into()) };
        position = last.seq;
        for row in rows.iter().filter(|row| row.seq <= until) {
            builder.push(row).map_err(broken)?;
        }
    }
    let export = builder.finish(app.now()?).map_err(broken)?;
    if export.rows.is_empty() {
        return Err(Problem::new(Code::NotFound).into());
    }
    Ok(export)
}
