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
    /// A data key of a label with a number that is taken.
    WrappedKey = "key_ring_once", "key_ring.label, key_ring.number";
    /// Identifier of a session taken.
    SessionId = "session_id", "session.id";
    /// Identifier of a job taken.
    JobId = "job_id", "job.id";
    /// An area at a place that is taken.
    AreaPlace = "area_place", "area.area_path, area.id";
    /// A version of a profile published twice.
    ProfileVersion = "profile_version_once", "profile_version.profile, profile_version.number";
    /// Another unit has this credit code.
    UnitCreditCode = "unit_credit_code", "unit.credit_code";
    /// Another account has this login name.
    AccountLogin = "account_login", "account.login";
    /// The certificate is bound to another account.
    AccountCertificate = "account_certificate", "account_key.value, account_key.kind";
    /// An account is found twice by the same key.
    AccountKey = "account_key_once", "account_key.kind, account_key.value, account_key.account_id";
    /// Another maker has this credit code.
    MakerCreditCode = "maker_credit_code", "maker.credit_code";
    /// Application number taken.
    ApplicationNumber = "application_number", "application.number";
    /// The unit has an open application for its legal-name seal already.
    OneOpenApplicationForLegalName = "application_one_open_for_legal_name", "application.unit_id, application.kind";
    /// There is an open application already that follows the same seal.
    OneOpenApplicationForSeal = "application_one_open_for_seal", "application.follows, application.unit_id";
    /// Seal code taken.
    SealCode = "seal_code", "seal.code";
    /// The unit has a legal-name seal in force already (XA-19).
    OneLegalNameInForce = "seal_one_legal_name_in_force", "seal.unit_id, seal.kind";
    /// A legal-name seal of the unit is being made already (XA-19).
    OneLegalNameInMaking = "seal_one_legal_name_in_making", "seal.kind, seal.unit_id";
    /// The key serves another seal.
    SealKey = "seal_key", "seal.key_digest";
    /// The unit has a seal of this kind with this number already (XA-19), and the new one is not its renewal.
    BusinessNumber = "seal_business_number", "seal.unit_id, seal.kind, seal.number";
    /// A seal with this number, of the same chain of renewals, is in force already.
    OneOfChainInForce = "seal_one_of_chain_in_force", "seal.chain, seal.unit_id";
    /// A renewal of the same seal is being made already.
    OneOfChainInMaking = "seal_one_of_chain_in_making", "seal.unit_id, seal.chain";
    /// The seal has a change case already.
    OneChangeForSeal = "change_case_one_for_seal", "change_case.seal_id";
    /// The application belongs to a change case already.
    OneChangeForApplication = "change_case_application", "change_case.application_id";
    /// Number of a request to use a seal taken.
    UseRequestNumber = "use_request_number", "use_request.number";
    /// Two documents of a request at one place.
    UseItemPlace = "use_item_place", "use_item.request_id, use_item.place";
    /// The code stands for another copy already.
    CopyCode = "document_copy_code", "document_copy.code";
    /// A document is sealed twice.
    OneOutcome = "use_record_one_outcome", "use_record.item_id";
    /// A person is told of one event twice.
    NoticeEvent = "notice_event", "notice.event, notice.account_id";
    /// Another system with this code is recognized or proposed.
    PeerCode = "peer_code", "peer.code";
    /// The program speaks for another system already.
    PeerClient = "peer_client", "peer.client_id";
    /// A system is told twice under one number.
    ExchangeSequence = "exchange_delivery_sequence", "exchange_delivery.peer_id, exchange_delivery.code, exchange_delivery.sequence";
    /// The seal with this code is told of by another system.
    ForeignSealCode = "foreign_seal_code", "foreign_seal.code";
    /// An address is sent one event twice.
    DeliveryEvent = "webhook_delivery_event", "webhook_delivery.webhook_id, webhook_delivery.event";
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
