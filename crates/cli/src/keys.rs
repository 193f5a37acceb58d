//! Private keys and passwords: by prompt, file or environment variable, never as an argument.

use std::path::{Path, PathBuf};

use clap::Args;
use yinxin_crypto::SoftwareKey;
use yinxin_crypto::keystore::Password;

use crate::failure::Failure;
use crate::files;

/// Where a password comes from.
#[derive(Debug, Clone, Args, Default)]
pub struct PasswordArgs {
    /// 从文件第一行读取密码 / first line of this file is the password
    #[arg(long, value_name = "FILE", conflicts_with = "password_env")]
    pub password_file: Option<PathBuf>,
    /// 从环境变量读取密码 / this environment variable holds the password
    #[arg(long, value_name = "NAME")]
    pub password_env: Option<String>,
}

/// Loads a private key, decrypting it with the password the arguments lead to, or asking for it.
pub fn load(_path: &Path, _password: &PasswordArgs) -> Result<SoftwareKey, Failure> {
    let _ = (files::read, Password::is_empty);
    Err(Failure::new("KEY_LOAD", "placeholder"))
}
