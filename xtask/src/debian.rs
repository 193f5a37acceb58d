//! The Debian packages the tests' oracles come from.

use crate::run::{on_path, run};
use anyhow::{Context, Result, bail};
use std::path::Path;
use std::process::Command;

enum Sign {
    Program(&'static str),
    File(&'static str),
}

struct Need {
    package: &'static str,
    sign: Sign,
    purpose: &'static str,
}

const NEEDS: &[Need] = &[
    Need { package: "openssl", sign: Sign::Program("openssl"), purpose: "first oracle" },
    Need { package: "default-jre-headless", sign: Sign::Program("java"), purpose: "runs the second oracle" },
    Need {
        package: "libbcpkix-java",
        sign: Sign::File("/usr/share/java/bcpkix.jar"),
        purpose: "BouncyCastle, second oracle",
    },
    Need {
        package: "libbcprov-java",
        sign: Sign::File("/usr/share/java/bcprov.jar"),
        purpose: "BouncyCastle, second oracle",
    },
    Need { package: "unzip", sign: Sign::Program("unzip"), purpose: "tests our OFD packages" },
    Need { package: "libxml2-utils", sign: Sign::Program("xmllint"), purpose: "tests our XML" },
    Need {
        package: "python3-jsonschema",
        sign: Sign::File("/usr/lib/python3/dist-packages/jsonschema/__init__.py"),
        purpose: "judges our reports by their schema",
    },
    Need { package: "g++", sign: Sign::Program("g++"), purpose: "builds the fuzzing engine" },
];

/// Installs what is absent and says so. Prints nothing when nothing is absent.
pub fn ensure() -> Result<()> {
    let absent: Vec<&Need> = NEEDS.iter().filter(|need| !present(need)).collect();
    if absent.is_empty() {
        return Ok(());
    }
    let packages: Vec<&str> = absent.iter().map(|need| need.package).collect();
    println!("Absent on this machine, needed by the tests; installing with apt-get:");
    for need in &absent {
        println!("  {:<22} {}", need.package, need.purpose);
    }
    install(&packages)
        .with_context(|| format!("please install these Debian packages yourself: {}", packages.join(" ")))?;
    match absent.iter().find(|need| !present(need)) {
        Some(need) => bail!("{} was installed, yet its files are still absent", need.package),
        None => Ok(()),
    }
}

/// Installs one program's package of the same name if it is absent.
pub fn ensure_program(program: &'static str, purpose: &str) -> Result<()> {
    if on_path(program) {
        return Ok(());
    }
    println!("Absent on this machine, installing with apt-get: {program} ({purpose})");
    install(&[program]).with_context(|| format!("please install this Debian package yourself: {program}"))
}

fn present(need: &Need) -> bool {
    match need.sign {
        Sign::Program(program) => on_path(program),
        Sign::File(file) => Path::new(file).is_file(),
    }
}

fn install(packages: &[&str]) -> Result<()> {
    if !on_path("apt-get") {
        bail!("apt-get is not on this machine");
    }
    // A package list that is stale or partly out of reach may still serve the install.
    if let Err(error) = run(apt_get()?.args(["update"])) {
        println!("{error:#}; trying the install all the same");
    }
    run(apt_get()?.args(["install", "-y", "--no-install-recommends"]).args(packages))
}

fn apt_get() -> Result<Command> {
    let mut command = if is_root()? {
        let mut command = Command::new("env");
        command.arg("DEBIAN_FRONTEND=noninteractive");
        command
    } else if on_path("sudo") {
        let mut command = Command::new("sudo");
        command.args(["env", "DEBIAN_FRONTEND=noninteractive"]);
        command
    } else {
        bail!("not running as root and sudo is absent");
    };
    // Another apt-get may be at work: wait for it.
    command.args(["apt-get", "-q", "-o", "DPkg::Lock::Timeout=300"]);
    Ok(command)
}

fn is_root() -> Result<bool> {
    let id = crate::run::output(Command::new("id").arg("-u"))?;
    Ok(id.trim_ascii() == b"0")
}
