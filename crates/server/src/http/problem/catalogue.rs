//! Every problem code: status, what it means and what to do. `docs/problems.md` and the pages under `/problems` are
//! generated from this table.

use serde::Serialize;

/// One code explained.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct ProblemKind {
    /// The code, language-free and stable.
    pub code: &'static str,
    /// HTTP status.
    pub status: u16,
    /// Seconds told in `Retry-After` when the problem itself says nothing better.
    pub retry_after: Option<u32>,
    /// Title, Chinese.
    pub title_zh: &'static str,
    /// Title, English.
    pub title_en: &'static str,
    /// What it means, Chinese.
    pub meaning_zh: &'static str,
    /// What it means, English.
    pub meaning_en: &'static str,
    /// What the caller does about it, Chinese.
    pub what_to_do_zh: &'static str,
    /// What the caller does about it, English.
    pub what_to_do_en: &'static str,
}

/// The entry of a code in text: `NOT_FOUND`.
pub fn code_named(code: &str) -> Option<&'static ProblemKind> {
    CODES.iter().find(|kind| kind.code == code)
}

macro_rules! catalogue {
    ($($name:ident $code:literal $status:literal $(retry $retry:literal)?;
       $tz:literal / $te:literal; $mz:literal / $me:literal; $dz:literal / $de:literal)*) => {
        /// Stable code of a problem.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        pub enum Code {
            $(#[doc = concat!("`", $code, "`, status ", $status, ": ", $me)] $name,)*
        }

        impl Code {
            /// What the table says of this code.
            pub const fn kind(self) -> &'static ProblemKind {
                match self {
                    $(Self::$name => const { &ProblemKind {
                        code: $code, status: $status, retry_after: catalogue!(@retry $($retry)?),
                        title_zh: $tz, title_en: $te, meaning_zh: $mz, meaning_en: $me,
                        what_to_do_zh: $dz, what_to_do_en: $de,
                    } },)*
                }
            }
        }

        /// All codes in the order of the page.
        pub const CODES: &[ProblemKind] = &[$(*Code::$name.kind()),*];
    };
    (@retry $retry:literal) => { Some($retry) };
    (@retry) => { None };
}

catalogue! {
    BadRequest "BAD_REQUEST" 400;
        "请求有误" / "Bad request";
        "请求的路径、查询参数或请求头不符合要求。" / "The path, a query parameter or a header of the request is malformed.";
        "按 errors 指出的参数修改后重发。" / "Correct the parameters named in errors and send again."
    InvalidJson "INVALID_JSON" 400;
        "JSON 无法解析" / "Not JSON";
        "请求体不是完整、规范的 JSON：有语法错误、重复的成员名、嵌套过深或内容过多。" / "The body is not well-formed JSON: a syntax error, a member named twice, nested too deep or too many values.";
        "detail 给出行列位置；修改后重发。" / "The detail gives line and column; correct and send again."
    UnknownField "UNKNOWN_FIELD" 422;
        "含有未知字段" / "Unknown field";
        "请求体含有接口没有定义的字段。为避免写错字段名而被悄悄忽略，一律拒绝。" / "The body has a field the API does not define. Refused, so that a misspelt name is not silently ignored.";
        "删去或更正 errors 指出的字段。" / "Remove or correct the field named in errors."
    Validation "VALIDATION" 422;
        "内容不符合要求" / "Validation failed";
        "请求体可以解析，但有字段缺失、类型不对或不满足规则。" / "The body is readable, but a field is missing, of the wrong type or against a rule.";
        "按 errors 逐项修改后重发。" / "Correct each field named in errors and send again."
    BodyTooLarge "BODY_TOO_LARGE" 413;
        "请求体过大" / "Body too large";
        "请求体超过此接口的上限。" / "The body is larger than this endpoint accepts.";
        "缩小内容；材料文件请用上传接口。" / "Send less; send files through the upload endpoint."
    UnsupportedMediaType "UNSUPPORTED_MEDIA_TYPE" 415;
        "不支持的内容类型" / "Unsupported media type";
        "请求体的 Content-Type 或 Content-Encoding 不被此接口接受。" / "This endpoint does not accept the Content-Type or Content-Encoding of the body.";
        "通常应为 Content-Type: application/json，不压缩。" / "Usually it must be Content-Type: application/json, uncompressed."
    NotAcceptable "NOT_ACCEPTABLE" 406;
        "无法提供所要求的格式" / "Not acceptable";
        "Accept 请求头列出的格式，此接口都不提供。" / "The endpoint offers none of the formats that the Accept header lists.";
        "去掉 Accept，或改为接口文档列出的格式。" / "Drop Accept or name a format the endpoint documents."
    Unauthenticated "UNAUTHENTICATED" 401;
        "未登录" / "Not authenticated";
        "此接口需要登录会话或客户端签名，请求没有提供。" / "The endpoint needs a session or a client signature and the request carries neither.";
        "先登录，或按接口约定对请求签名。" / "Log in first, or sign the request as the conventions say."
    LoginFailed "LOGIN_FAILED" 401;
        "登录失败" / "Login failed";
        "账号或凭据不正确。出于安全，不说明是哪一项。" / "Account or credential is wrong. For safety it is not said which.";
        "核对后重试；多次失败会暂时锁定。" / "Check and try again; repeated failures lock the account for a while."
    SecondFactorRequired "SECOND_FACTOR_REQUIRED" 401;
        "需要第二重验证" / "Second factor required";
        "口令已通过，还需要动态口令或证书。" / "The password was accepted; a one-time code or certificate is still needed.";
        "提交第二重验证后继续。" / "Submit the second factor."
    PasswordChangeRequired "PASSWORD_CHANGE_REQUIRED" 403;
        "须先修改口令" / "Password change required";
        "当前口令是一次性口令或已过期，修改之前不能做其他操作。" / "The password is a one-time one or has expired; nothing else is allowed before it is changed.";
        "调用修改口令接口后重试。" / "Change the password, then try again."
    LockedOut "LOCKED_OUT" 429 retry 60;
        "账号暂时锁定" / "Locked out";
        "连续登录失败次数过多，账号暂时锁定。" / "Too many failed logins; the account is locked for a while.";
        "在 Retry-After 之后重试，或联系安全管理员解锁。" / "Wait as Retry-After says, or ask the security administrator to unlock."
    SessionExpired "SESSION_EXPIRED" 401;
        "会话已失效" / "Session expired";
        "会话已超时、被注销或被管理员结束。" / "The session timed out, was logged out or was ended by an administrator.";
        "重新登录。" / "Log in again."
    Csrf "CSRF" 403;
        "缺少防跨站令牌" / "CSRF token missing or wrong";
        "以会话 Cookie 提交的改动必须带有与会话对应的防跨站令牌，且来自本站页面。" / "A change made with the session cookie must carry the session's CSRF token and come from this site.";
        "把登录返回的令牌放入接口文档所述的请求头。" / "Send the token returned at login in the header that the API description names."
    Forbidden "FORBIDDEN" 403;
        "没有权限" / "Forbidden";
        "当前身份的角色、管辖区域或单位不允许此操作。" / "The roles, area or unit of this identity do not allow the operation.";
        "换用有权限的账号，或向安全管理员申请。" / "Use an account that may, or ask the security administrator."
    RoleConflict "ROLE_CONFLICT" 409;
        "角色互斥" / "Roles exclude each other";
        "系统管理员、安全管理员、审计管理员不能由同一账号兼任，其他互斥角色同理。" / "System, security and audit administrator may not be held by one account; so with other exclusive roles.";
        "把角色授予另一账号，或先收回冲突的角色。" / "Give the role to another account or take back the conflicting one first."
    NotFound "NOT_FOUND" 404;
        "不存在" / "Not found";
        "路径不存在，或所指的对象不存在、不在当前身份可见的范围内。" / "There is no such path, or the thing does not exist or is outside what this identity may see.";
        "核对路径和编号。" / "Check the path and the identifier."
    MethodNotAllowed "METHOD_NOT_ALLOWED" 405;
        "方法不允许" / "Method not allowed";
        "此路径不接受这种 HTTP 方法。" / "This path does not take this HTTP method.";
        "使用 Allow 响应头列出的方法。" / "Use a method listed in the Allow header."
    Conflict "CONFLICT" 409;
        "冲突" / "Conflict";
        "操作与数据的现状冲突，例如并发修改。" / "The operation conflicts with what is stored, for example a change made at the same time.";
        "重新读取后再决定是否重试。" / "Read again and decide whether to retry."
    StateConflict "STATE_CONFLICT" 409;
        "当前状态不允许此操作" / "Not allowed in this state";
        "对象所处的状态不允许此操作。state 是当前状态，event 是被拒的操作，allowed 是允许的操作。" / "The state the thing is in does not allow this event. The members state, event and allowed say which do.";
        "重新读取对象，只做 allowed 列出的操作。" / "Read the thing again and use one of the allowed events."
    LegalNameSealExists "LEGAL_NAME_SEAL_EXISTS" 409;
        "法定名称章已存在" / "Legal-name seal exists";
        "每个单位只能有一枚有效的法定名称章，该单位已有一枚或正在办理。" / "A unit may have one legal-name seal; this unit has one or is applying for one.";
        "如需更换，请办理变更（先缴销旧章再重新申请）。" / "To replace it, open a change case: cancel the old seal, then apply anew."
    Duplicate "DUPLICATE" 409;
        "已存在" / "Already exists";
        "具有相同唯一标识的对象已存在。" / "A thing with the same unique value exists already.";
        "使用已有的对象，或更正标识。" / "Use the existing one or correct the value."
    MakerIsIssuer "MAKER_IS_ISSUER" 409;
        "制作单位不得同时为审批机关" / "Maker and issuer must differ";
        "审批与制作必须由不同的单位和人员完成。" / "Approval and making must be done by different bodies and people.";
        "指定另一家制作单位或另一名经办人。" / "Name another maker or another operator."
    PreconditionRequired "PRECONDITION_REQUIRED" 428;
        "须提供 If-Match" / "If-Match required";
        "修改已有对象必须说明所依据的版本，以免覆盖他人的修改。" / "A change of an existing thing must name the version it is based on, lest it overwrite another's change.";
        "先 GET，再把响应的 ETag 原样放入 If-Match。" / "GET first and send the ETag of the response in If-Match."
    PreconditionFailed "PRECONDITION_FAILED" 412;
        "版本已变化" / "Version changed";
        "对象在读取之后已被修改，If-Match 的版本不是最新。" / "The thing has changed since it was read; the version in If-Match is not the present one.";
        "重新读取，核对他人的修改后再提交。" / "Read again, look at what changed, then submit again."
    IdempotencyKeyRequired "IDEMPOTENCY_KEY_REQUIRED" 400;
        "须提供 Idempotency-Key" / "Idempotency-Key required";
        "此接口要求 Idempotency-Key 请求头：1 至 64 个可见 ASCII 字符，每次新的操作用一个新值。" / "The endpoint needs an Idempotency-Key header: 1 to 64 visible ASCII characters, a new value for each new operation.";
        "生成一个随机值（如 UUID）放入请求头；重试同一操作时用同一个值。" / "Send a random value such as a UUID; retries of the same operation use the same value."
    IdempotencyKeyReused "IDEMPOTENCY_KEY_REUSED" 422;
        "Idempotency-Key 已用于其他请求" / "Idempotency-Key used for another request";
        "同一个键先前用于方法、路径或内容不同的请求。" / "The key was used before for a request with another method, path or body.";
        "新的操作使用新的键。" / "Use a new key for a new operation."
    IdempotencyKeyInProgress "IDEMPOTENCY_KEY_IN_PROGRESS" 409 retry 1;
        "相同请求正在处理" / "The same request is in progress";
        "带有同一个键的请求还没有处理完。" / "A request with the same key has not finished yet.";
        "按 Retry-After 稍后用同一个键重试，即可得到结果。" / "Try again with the same key as Retry-After says to get the result."
    SignatureInvalid "SIGNATURE_INVALID" 401;
        "请求签名无效" / "Request signature invalid";
        "客户端签名与请求内容不符，或密钥不对、已停用。" / "The client signature does not fit the request, or the key is wrong or disabled.";
        "按接口约定重新计算签名；核对密钥编号。" / "Compute the signature again as the conventions say; check the key."
    Replay "REPLAY" 401;
        "重复的请求" / "Replayed request";
        "同一个签名请求（随机数）已经用过。" / "A signed request with this nonce was seen before.";
        "每次请求使用新的随机数重新签名；重试由 Idempotency-Key 保证不重复执行。" / "Sign each request with a new nonce; Idempotency-Key keeps retries from acting twice."
    ClockSkew "CLOCK_SKEW" 401;
        "时间偏差过大" / "Clock skew too large";
        "请求签名的时间与服务器时间相差过大。" / "The time in the request's signature is too far from the server's.";
        "校准客户端时钟（参照响应的 Date）后重新签名。" / "Set the client's clock (see the Date of the response) and sign again."
    RateLimited "RATE_LIMITED" 429 retry 1;
        "请求过于频繁" / "Too many requests";
        "请求频率超过限制。" / "Requests come faster than the limit.";
        "在 Retry-After 之后重试。" / "Wait as Retry-After says."
    Integrity "INTEGRITY" 500;
        "数据完整性校验失败" / "Stored data fails its check";
        "存储的数据与其校验码不符，可能被绕过系统改动。为安全起见，不提供也不使用该数据。" / "A stored row does not fit its message authentication code; it may have been changed around the system. It is neither shown nor used.";
        "请勿重试；立即联系审计管理员，并提供 instance。" / "Do not retry; tell the audit administrator at once, with the instance."
    Disposed "DISPOSED" 410;
        "内容已销毁" / "Disposed of";
        "文件内容的保管期限已满，已按批准的销毁清单销毁。登记、摘要、验证码和审计记录仍然保存。" / "The time for which the contents were kept is over, and they were disposed of by a list that was agreed to. Register, digests, codes and the audit log are kept.";
        "无法恢复；持有原件者可用摘要核对。GET /disposals/{id} 说明依据的清单。" / "They cannot be brought back; whoever has the original can compare its digest. GET /disposals/{id} tells of the list."
    Internal "INTERNAL" 500;
        "服务器内部错误" / "Internal error";
        "服务器出现意外错误，原因已记入日志。" / "Something unexpected happened; the cause is in the server's log.";
        "用同一个 Idempotency-Key 重试是安全的；持续出现时请提供 instance。" / "A retry with the same Idempotency-Key is safe; if it persists, report the instance."
    Unavailable "UNAVAILABLE" 503 retry 5;
        "服务暂不可用" / "Unavailable";
        "数据库或其他依赖暂时不可用，或服务正在启动、停止。" / "The database or another dependency is away for now, or the service is starting or stopping.";
        "在 Retry-After 之后重试。" / "Try again as Retry-After says."
    ClockWentBack "CLOCK_WENT_BACK" 503 retry 30;
        "服务器时钟倒退" / "The server's clock went back";
        "服务器时钟早于已记录的时间。为保证记录的先后次序，暂停写入。" / "The server's clock is earlier than what is recorded. Writing pauses so that the order of records stays true.";
        "稍后重试；管理员应校准服务器时钟。" / "Try again later; the administrator should set the clock."
    StorageFull "STORAGE_FULL" 507 retry 60;
        "存储空间不足" / "Storage full";
        "服务器磁盘或存储配额已满，没有写入任何内容。" / "The disk or quota of the server is full; nothing was written.";
        "稍后用同一个 Idempotency-Key 重试；管理员应扩容。" / "Try again later with the same Idempotency-Key; the administrator should make room."
    Timeout "TIMEOUT" 503 retry 2;
        "处理超时" / "Timed out";
        "服务器没有在规定时间内完成请求，操作可能完成也可能未完成。" / "The server did not finish in time; the operation may or may not have happened.";
        "用同一个 Idempotency-Key 重试：已完成的不会重复执行。" / "Retry with the same Idempotency-Key: what was done is not done again."
}
