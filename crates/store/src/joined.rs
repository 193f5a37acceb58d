//! Several records in one round trip, where a step needs them together.

use crate::record::{Stored, Versioned, read_from};
use crate::statement::statements;
use crate::value::{Row, values};
use crate::{Access, StoreError};
use yinxin_registry::area::Area;
use yinxin_registry::lifecycle::application::Application;
use yinxin_registry::lifecycle::seal::Seal;
use yinxin_registry::maker::Maker;
use yinxin_registry::unit::Unit;

/// Columns of a table under an alias, in the order in which the table's own statements have them: `seal!("s")`.
macro_rules! tables {
    ($($table:ident: $($column:ident)+;)+) => {
        $(
            macro_rules! $table {
                ($alias:literal) => { crate::joined::columns!($alias, $($column)+) };
            }
        )+

        /// Tables with their columns.
        #[cfg(test)]
        const COLUMNS: &[(&str, &[&str])] = &[$((stringify!($table), &[$(stringify!($column)),+])),+];
    };
}

/// `s.id, s.version`
macro_rules! columns {
    ($alias:literal, $first:ident $($column:ident)*) => {
        concat!($alias, ".", stringify!($first) $(, ", ", $alias, ".", stringify!($column))*)
    };
}
pub(crate) use columns;

tables! {
    area: id version body mac area_path name;
    unit: id version body mac credit_code name kind state area_path unit_id parent_unit_id;
    maker: id version body mac credit_code name state area_path maker_id;
    application: id version body mac number name kind state area_path unit_id parent_unit_id maker_id approval_digest
        approved_by follows created_at due;
    seal: id version body mac code number name kind state area_path unit_id parent_unit_id maker_id application_id
        approval_digest approved_by made_by filed_at certificate_issuer certificate_serial valid_until follows created_at
        key_digest filing_due;
}

const AREA: usize = 6;
const UNIT: usize = 11;
const MAKER: usize = 9;
const APPLICATION: usize = 17;
const SEAL: usize = 25;

statements! {
    CASE = concat!(
        "SELECT ", seal!("s"), ", ", application!("a"), ", ", maker!("m"),
        " FROM seal s JOIN application a ON a.id = s.application_id JOIN maker m ON m.id = s.maker_id WHERE s.id = $1"
    );
    /// A row for each legal-name seal in the way, or one without.
    SUBMISSION = concat!(
        "SELECT ", application!("a"), ", ", unit!("u"), ", ", area!("r"), ", ", seal!("p"), ", ", seal!("l"),
        " FROM application a JOIN unit u ON u.id = a.unit_id JOIN area r ON r.area_path = a.area_path \
         LEFT JOIN seal p ON p.id = a.follows \
         LEFT JOIN seal l ON l.unit_id = a.unit_id AND l.kind = 'legal_name' AND a.kind = 'legal_name' \
         AND l.state IN ('active', 'suspended', 'making', 'made', 'filed', 'delivered') \
         WHERE a.id = $1"
    );
}

/// An application with everything that speaks for or against handing it in.
#[derive(Debug, Clone)]
pub struct Submission {
    /// The application.
    pub application: Versioned<Application>,
    /// Its unit.
    pub unit: Unit,
    /// Its area.
    pub area: Area,
    /// The seal it follows.
    pub previous: Option<Seal>,
    /// For the legal name: the unit's legal-name seals in force or on their way, the elder first.
    pub legal_name_seals: Vec<Seal>,
}

/// Records of a row, one behind the other.
struct Reader<'a> {
    access: &'a Access,
    row: &'a Row,
    place: usize,
}

impl Reader<'_> {
    fn next<T: Stored>(&mut self, width: usize) -> Result<Versioned<T>, StoreError> {
        let begin = self.place;
        self.place += width;
        read_from(self.row, begin, self.place, self.access.keys())
    }

    /// Of an outer join.
    fn maybe<T: Stored>(&mut self, width: usize) -> Result<Option<Versioned<T>>, StoreError> {
        if self.row.maybe_text(self.place)?.is_none() {
            self.place += width;
            return Ok(None);
        }
        self.next(width).map(Some)
    }
}

impl Access {
    /// A seal with the application it is made for and its maker, in one round trip.
    ///
    /// # Errors
    /// [`StoreError::NotFound`]; [`StoreError::Integrity`]; [`StoreError::Unavailable`].
    pub async fn case_of_seal(
        &mut self,
        seal: &str,
    ) -> Result<(Versioned<Seal>, Versioned<Application>, Versioned<Maker>), StoreError> {
        let row = self.row(&CASE, values![seal]).await?;
        let row = row.ok_or_else(|| StoreError::NotFound { table: Seal::TABLE, id: seal.to_owned() })?;
        let mut reader = Reader { access: self, row: &row, place: 0 };
        Ok((reader.next(SEAL)?, reader.next(APPLICATION)?, reader.next(MAKER)?))
    }

    /// An application with what its automatic checks look at, in one round trip.
    ///
    /// # Errors
    /// [`StoreError::NotFound`], also when its unit or area is gone; [`StoreError::Integrity`]; [`StoreError::Unavailable`].
    pub async fn submission(&mut self, application: &str) -> Result<Submission, StoreError> {
        let rows = self.rows(&SUBMISSION, values![application]).await?;
        let mut found: Option<Submission> = None;
        for row in &rows {
            let mut reader = Reader { access: self, row, place: 0 };
            let application = reader.next(APPLICATION)?;
            let (unit, area) = (reader.next(UNIT)?.value, reader.next(AREA)?.value);
            let previous = reader.maybe(SEAL)?.map(|seal| seal.value);
            let legal_name: Option<Versioned<Seal>> = reader.maybe(SEAL)?;
            let legal_name_seals = Vec::new();
            let submission =
                found.get_or_insert(Submission { application, unit, area, previous, legal_name_seals });
            submission.legal_name_seals.extend(legal_name.map(|seal| seal.value));
            submission.legal_name_seals.sort_by(|one, other| one.id().cmp(other.id()));
        }
        found.ok_or_else(|| StoreError::NotFound { table: Application::TABLE, id: application.to_owned() })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_those_of_the_tables_own_statements() {
        let loads = [
            (Area::STATEMENTS, AREA),
            (Unit::STATEMENTS, UNIT),
            (Maker::STATEMENTS, MAKER),
            (Application::STATEMENTS, APPLICATION),
            (Seal::STATEMENTS, SEAL),
        ];
        for ((table, columns), (statements, width)) in COLUMNS.iter().zip(loads) {
            let own = format!("SELECT {} FROM {table} WHERE id = $1", columns.join(", "));
            assert_eq!(statements.load.sqlite(), own);
            assert_eq!(columns.len(), width, "{table}");
        }
    }
}
