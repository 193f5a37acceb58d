//! What the registry holds on a document that somebody brings for verification, read together.

use crate::record::{Stored as _, Versioned, read};
use crate::records::peer::{self, ReliedOn};
use crate::records::use_record::{self, UseFilter};
use crate::records::{foreign_seal, seal};
use crate::statement::Statement;
use crate::value::{Owned, Row, Value, values};
use crate::{Access, StoreError};
use yinxin_registry::exchange::foreign::ForeignSeal;
use yinxin_registry::lifecycle::seal::Seal;
use yinxin_registry::role::Scope;
use yinxin_registry::unit::Unit;
use yinxin_registry::usage::record::UseRecord;

/// Codes that are asked for in one round trip.
const CODES: usize = 8;

/// What is asked of a document.
#[derive(Debug, Clone)]
pub struct Asked<'a> {
    /// Codes of the seals in it.
    pub codes: &'a [&'a str],
    /// Its digest, SM3 in hex.
    pub digest: &'a str,
    /// Most entries of the use register.
    pub uses: u32,
    /// Unit of whoever asks.
    pub unit: Option<&'a str>,
}

/// A code: the seal of this registry, and that of another system. The latter may be broken without anybody relying on it.
#[derive(Debug)]
pub struct CodeFound {
    /// Of this registry; one whose making was given up is not found.
    pub seal: Option<Versioned<Seal>>,
    /// Of another system.
    pub foreign: Result<Option<Versioned<ForeignSeal>>, StoreError>,
}

/// What was found.
#[derive(Debug)]
pub struct Brought {
    /// For each code, in their order.
    pub codes: Vec<CodeFound>,
    /// Systems that are relied on, as [`Access::relied_on`] gives them.
    pub relied_on: Vec<ReliedOn>,
    /// Uses of seals for this document, before or after, the newest first.
    pub uses: Vec<Versioned<UseRecord>>,
    /// The unit.
    pub unit: Option<Versioned<Unit>>,
}

impl Access {
    /// What the registry holds on a document; on SQLite in one round trip where it has eight seals or fewer.
    ///
    /// # Errors
    /// [`StoreError::NotFound`] for the unit; [`StoreError::Integrity`]; [`StoreError::Unavailable`].
    pub async fn brought(&mut self, asked: &Asked<'_>) -> Result<Brought, StoreError> {
        let filter = UseFilter {
            digest: Some(asked.digest),
            result: Some("sealed"),
            limit: asked.uses,
            ..UseFilter::default()
        };
        let ways = use_record::ways(&Scope::All, &filter);
        let ways: Vec<(&'static Statement, Vec<Value<'_>>)> = ways
            .iter()
            .map(|(statement, values)| (*statement, values.iter().map(Owned::as_value).collect()))
            .collect();
        let most = values![peer::MOST];
        let unit = asked.unit.map(|unit| [Value::from(unit)]);
        let codes: Vec<[Value<'_>; 1]> = asked.codes.iter().map(|code| [Value::from(*code)]).collect();
        let (first, rest) = codes.split_at(codes.len().min(CODES));
        let mut all: Vec<(&'static Statement, &[Value<'_>])> = vec![(&peer::RELIED_ON, most)];
        all.extend(ways.iter().map(|(statement, values)| (*statement, values.as_slice())));
        all.extend(unit.iter().map(|unit| (Unit::STATEMENTS.load, unit.as_slice())));
        all.extend(first.iter().flat_map(of_code));
        let mut answers = self.together(&all).await?.into_iter();
        let mut next = || answers.next().unwrap_or_default();
        let relied_on = next().iter().map(ReliedOn::read).collect::<Result<_, _>>()?;
        let mut uses: Vec<Versioned<UseRecord>> = Vec::new();
        for _ in &ways {
            let more = next().iter().map(|row| read(row, self.keys())).collect::<Result<Vec<_>, _>>()?;
            uses.extend(more);
        }
        use_record::newest_first(&mut uses, asked.uses);
        let unit = match asked.unit {
            None => None,
            Some(id) => {
                let row = next().into_iter().next();
                let row =
                    row.ok_or_else(|| StoreError::NotFound { table: Unit::TABLE, id: id.to_owned() })?;
                Some(read(&row, self.keys())?)
            }
        };
        let mut found = Vec::with_capacity(codes.len());
        for _ in first {
            found.push(self.code_found(&next(), &next())?);
        }
        for part in rest.chunks(CODES) {
            let asked: Vec<_> = part.iter().flat_map(of_code).collect();
            let mut answers = self.together(&asked).await?.into_iter();
            let mut next = || answers.next().unwrap_or_default();
            for _ in part {
                found.push(self.code_found(&next(), &next())?);
            }
        }
        Ok(Brought { codes: found, relied_on, uses, unit })
    }

    fn code_found(&self, seal: &[Row], foreign: &[Row]) -> Result<CodeFound, StoreError> {
        Ok(CodeFound {
            seal: seal.first().map(|row| read(row, self.keys())).transpose()?,
            foreign: foreign.first().map(|row| read(row, self.keys())).transpose(),
        })
    }
}

fn of_code<'a>(code: &'a [Value<'a>; 1]) -> [(&'static Statement, &'a [Value<'a>]); 2] {
    [(&seal::BY_CODE, code), (&foreign_seal::BY_CODE, code)]
}
