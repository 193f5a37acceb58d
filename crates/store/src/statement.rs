//! SQL texts as values: every statement of the product is declared through [`statements!`], so that a test and `doctor` can prepare
//! all of them.
//!
//! SQLite plans a statement anew each time a value is bound on which its plan could depend: a bare parameter after `LIMIT`, or one compared
//! with the column of a partial index. That took more than running it. So these parameters stand in expressions that change nothing:
//! `LIMIT CAST($2 AS BIGINT)`, `state = $2 || ''`.

/// One SQL statement with its text for each engine. Nearly always the two are the same text.
#[derive(Debug)]
pub struct Statement {
    name: &'static str,
    sqlite: &'static str,
    postgres: &'static str,
}

impl Statement {
    pub(crate) const fn new(name: &'static str, sqlite: &'static str, postgres: &'static str) -> Self {
        Self { name, sqlite, postgres }
    }

    /// Name of the constant that holds it.
    pub fn name(&self) -> &'static str {
        self.name
    }

    /// Text for SQLite.
    pub fn sqlite(&self) -> &'static str {
        self.sqlite
    }

    /// Text for PostgreSQL.
    pub fn postgres(&self) -> &'static str {
        self.postgres
    }
}

/// Declares the statements of a module and the list `ALL` of them. A second text after `postgres:` is for the few cases where the
/// engines have no common words.
macro_rules! statements {
    ($($(#[$doc:meta])* $name:ident = $sql:expr $(, postgres: $postgres:expr)?;)*) => {
        $(
            $(#[$doc])*
            pub(crate) static $name: $crate::statement::Statement = $crate::statement::Statement::new(
                concat!(module_path!(), "::", stringify!($name)),
                $sql,
                $crate::statement::statements!(@postgres $sql $(, $postgres)?),
            );
        )*
        pub(crate) static ALL: &[&$crate::statement::Statement] = &[$(&$name),*];
    };
    (@postgres $sql:expr) => { $sql };
    (@postgres $sql:expr, $postgres:expr) => { $postgres };
}
pub(crate) use statements;
