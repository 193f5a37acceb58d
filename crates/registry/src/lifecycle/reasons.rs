//! Codes of reasons.

use serde::{Deserialize, Serialize};

macro_rules! reasons {
    ($($(#[$doc:meta])* $name:ident { $($variant:ident = $code:literal, $zh:literal;)* })*) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
        #[serde(rename_all = "snake_case")]
        pub enum $name { $(#[doc = $zh] $variant,)* }

        impl $name {
            /// Every reason.
            pub const ALL: &'static [Self] = &[$($name::$variant),*];

            /// Stable code.
            pub fn as_str(self) -> &'static str {
                match self { $($name::$variant => $code,)* }
            }

            /// Name in Chinese.
            pub fn zh(self) -> &'static str {
                match self { $($name::$variant => $zh,)* }
            }
        }
    )*};
}

reasons! {
    /// Why a seal is suspended.
    SuspensionReason {
        Loss = "loss", "丢失";
        Theft = "theft", "被盗";
        KeyLeak = "key_leak", "密钥泄露";
        DeviceDamage = "device_damage", "密钥载体损坏";
        UnitRequest = "unit_request", "单位申请暂停";
        Correction = "correction", "责令整改";
        Authority = "authority", "主管部门决定";
        CertificateAuthority = "certificate_authority", "电子认证服务机构原因";
        Unlawful = "unlawful", "涉嫌违法";
    }
    /// Why a seal is canceled (Xi'an measures, article 26).
    CancelReason {
        Change = "change", "变更";
        Damage = "damage", "印章损坏";
        EndOfUse = "end_of_use", "停止使用";
        Rename = "rename", "单位更名";
        KeyLeak = "key_leak", "密钥泄露";
        DeviceDamage = "device_damage", "密钥载体损坏";
        Theft = "theft", "被盗";
        Loss = "loss", "丢失";
        Merger = "merger", "单位合并";
        Dissolution = "dissolution", "单位撤销或者注销";
        Remade = "remade", "已重新制作";
        Other = "other", "其他";
    }
    /// Why a seal is void.
    VoidReason {
        FalseMaterials = "false_materials", "申请材料虚假";
        UnlawfulMaking = "unlawful_making", "非法制作";
        CertificateAuthority = "certificate_authority", "电子认证服务机构违法";
        CourtDecision = "court_decision", "司法裁决";
        Other = "other", "其他";
    }
    /// What a unit is held to account for (违规情形; national measures, about articles 32 and 33; Xi'an measures, articles 37 and 38).
    Breach {
        FalseMaterials = "false_materials", "提供虚假申请材料";
        Forged = "forged", "伪造、变造、冒用、盗用印章";
        Traded = "traded", "出售、出租、出借印章";
        BeyondApproval = "beyond_approval", "未经审批或者超出审批范围用印";
        PasswordNotKept = "password_not_kept", "未妥善保管印章或者口令";
        LossNotReported = "loss_not_reported", "丢失、被盗、泄露未及时报告";
        NotCanceled = "not_canceled", "应当缴销而未缴销";
        NoRecords = "no_records", "用印记录不完整";
        NoRules = "no_rules", "未建立印章使用管理制度";
        DataLeaked = "data_leaked", "泄露采集的信息";
        NotCooperating = "not_cooperating", "不配合监督检查";
        Other = "other", "其他";
    }
}

impl Breach {
    /// So grave that seals are suspended at once: they may be used falsely meanwhile (Xi'an measures, articles 37 and 38).
    pub fn is_grave(self) -> bool {
        matches!(self, Self::FalseMaterials | Self::Forged | Self::Traded)
    }
}

impl SuspensionReason {
    /// Reported by the unit itself and in force at once: the key may be in other hands.
    pub fn is_loss(self) -> bool {
        matches!(self, Self::Loss | Self::Theft | Self::KeyLeak | Self::DeviceDamage)
    }

    /// A unit may give it; others are the authority's.
    pub fn is_units_own(self) -> bool {
        self.is_loss() || self == Self::UnitRequest
    }
}
