//! Private keys and passwords: by prompt, file or environment variable, never as an argument.

use std::io::IsTerminal;
use std::path::{Path, PathBuf};

use clap::Args;
use yinxin_crypto::SoftwareKey;
use yinxin_crypto::keystore::{KeystoreError, Password, read_pkcs12, read_private_key};
use zeroize::Zeroizing;

use crate::failure::Failure;
use crate::files;

/// Where a password comes from.
#[derive(Debug, Clone, Args, Default)]
pub struct PasswordArgs {
    /// 从该文件的第一行读取口令 / the first line of this file is the password
    #[arg(long, value_name = "FILE", conflicts_with = "password_env")]
    pub password_file: Option<PathBuf>,
    /// 从该环境变量读取口令 / this environment variable holds the password
    #[arg(long, value_name = "NAME")]
    pub password_env: Option<String>,
}

/// A private key and the certificates its file held beside it.
#[derive(Debug)]
pub struct Loaded {
    /// The key.
    pub key: SoftwareKey,
    /// Certificates of a PKCS#12 file, DER; none for other files.
    pub certificates: Vec<Vec<u8>>,
}

/// Loads a private key, decrypting it with the password the arguments lead to, or asking for it at a terminal.
pub fn load(path: &Path, password: &PasswordArgs) -> Result<SoftwareKey, Failure> {
    load_with_certificates(path, password).map(|l| l.key)
}

/// As [`load`], with the certificates of a PKCS#12 file.
pub fn load_with_certificates(path: &Path, password: &PasswordArgs) -> Result<Loaded, Failure> {
    let bytes = Zeroizing::new(files::read(path)?);
    let given = read_password(password)?;
    let place = |e: KeystoreError| Failure::new(e.code(), format!("{}: {e}", path.display()));
    let (key, used) = match read_private_key(&bytes, given.as_ref().map(Password::as_bytes)) {
        Ok(key) => (key, given),
        Err(KeystoreError::PasswordNeeded) => {
            let asked = ask(&format!("{} 的口令 / password: ", path.display()))?;
            (read_private_key(&bytes, Some(asked.as_bytes())).map_err(place)?, Some(asked))
        }
        Err(e) => return Err(place(e)),
    };
    let certificates = match used {
        // Only PKCS#12 carries certificates that belong to the key; for every other form this is an error.
        Some(p) => read_pkcs12(&bytes, p.as_bytes()).map(|f| f.certificates).unwrap_or_default(),
        None => Vec::new(),
    };
    Ok(Loaded { key, certificates })
}

/// The password from the file or the environment variable named; `None` where neither is.
pub fn read_password(args: &PasswordArgs) -> Result<Option<Password>, Failure> {
    if let Some(path) = &args.password_file {
        let content = Zeroizing::new(files::read(path)?);
        let line = content.split_inclusive(|b| *b == b'\n').next().unwrap_or_default();
        return Ok(Some(Password::from_file_content(line.to_vec())));
    }
    let Some(name) = &args.password_env else { return Ok(None) };
    match std::env::var(name) {
        Ok(text) => Ok(Some(Password::new(text.into_bytes()))),
        Err(_) => Err(Failure::new(
            "PASSWORD_ENV",
            format!(
                "环境变量 {name} 未设置或不是 UTF-8 / the environment variable {name} is not set or not UTF-8"
            ),
        )),
    }
}

/// A password for a new file: from the arguments, or asked for twice at a terminal. Never empty.
pub fn ask_new_password(args: &PasswordArgs) -> Result<Password, Failure> {
    let password = match read_password(args)? {
        Some(p) => p,
        None => {
            let first = ask("新口令 / new password: ")?;
            let again = ask("再输入一次 / once more: ")?;
            if first.as_bytes() != again.as_bytes() {
                return Err(Failure::new(
                    "PASSWORD_MISMATCH",
                    "两次输入的口令不同 / the two passwords differ",
                ));
            }
            first
        }
    };
    if password.is_empty() {
        return Err(Failure::new("PASSWORD_EMPTY", "口令不能为空 / the password must not be empty"));
    }
    Ok(password)
}

/// Asks at the terminal, without echo.
fn ask(prompt: &str) -> Result<Password, Failure> {
    if !std::io::stdin().is_terminal() {
        return Err(Failure::new(
            "PASSWORD_NEEDED",
            "需要口令而没有终端可以输入：请用 --password-file 或 --password-env / a password is needed and there is no \
             terminal to ask at: give --password-file or --password-env",
        ));
    }
    let text =
        rpassword::prompt_password(prompt).map_err(|e| Failure::new("PASSWORD_READ", e.to_string()))?;
    Ok(Password::new(text.into_bytes()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn from_file(content: &str) -> Vec<u8> {
        let file = tempfile::NamedTempFile::new().unwrap();
        std::fs::write(file.path(), content).unwrap();
        let args = PasswordArgs { password_file: Some(file.path().to_owned()), password_env: None };
        read_password(&args).unwrap().unwrap().as_bytes().to_vec()
    }

    #[test]
    fn the_password_is_the_first_line_of_its_file() {
        for (content, password) in [("a b\nc\n", "a b"), ("a\r\n", "a"), ("a", "a"), ("\n", ""), ("", "")] {
            assert_eq!(from_file(content), password.as_bytes(), "{content:?}");
        }
    }

    #[test]
    fn rejects_an_empty_new_password_and_an_unset_variable() {
        let args = PasswordArgs { password_file: Some("/dev/null".into()), password_env: None };
        assert_eq!(ask_new_password(&args).unwrap_err().code, "PASSWORD_EMPTY");
        let args = PasswordArgs { password_file: None, password_env: Some("YINXIN_NOT_SET_ANYWHERE".into()) };
        assert_eq!(read_password(&args).unwrap_err().code, "PASSWORD_ENV");
    }
}
