//! Names of the uniqueness rules, the same on both engines.

macro_rules! constraints {
    ($($(#[$doc:meta])* $name:ident = $index:literal, $columns:literal;)*) => {
        /// A value or combination that may exist once.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        #[non_exhaustive]
        pub enum Constraint {
            $($(#[$doc])* $name,)*
            /// A primary key, or an index without a name of its own here.
            Key,
        }

        impl Constraint {
            /// Every one with a name.
            pub const ALL: &[Constraint] = &[$(Constraint::$name),*];

            /// Name of the index in the schema.
            pub fn as_str(self) -> &'static str {
                match self {
                    $(Self::$name => $index,)*
                    Self::Key => "key",
                }
            }

            /// The columns as SQLite names them in its message.
            pub fn columns(self) -> &'static str {
                match self {
                    $(Self::$name => $columns,)*
                    Self::Key => "",
                }
            }
        }
    };
}

constraints! {
    /// An idempotency key of an account used twice at the same time.
    IdempotencyKey = "idempotency_once", "idempotency.owner, idempotency.key";
    /// A nonce of an API client used twice.
    Nonce = "nonce_once", "nonce.client, nonce.nonce";
}

impl Constraint {
    pub(crate) fn from_postgres(name: &str) -> Self {
        Self::ALL.iter().copied().find(|c| c.as_str() == name).unwrap_or(Self::Key)
    }

    pub(crate) fn from_sqlite(columns: &str) -> Self {
        Self::ALL.iter().copied().find(|c| c.columns() == columns).unwrap_or(Self::Key)
    }
}

impl std::fmt::Display for Constraint {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.as_str())
    }
}
