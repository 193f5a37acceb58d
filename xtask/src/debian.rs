//! The Debian packages that the tests' oracles and services come from.

use crate::run::{on_path, run};
use anyhow::{Context, Result, bail};
use std::path::{Path, PathBuf};
use std::process::Command;

enum Sign {
    Program(&'static str),
    File(&'static str),
    /// A path of which some parts are `*` or end with it.
    Pattern(&'static str),
}

struct Need {
    package: &'static str,
    sign: Sign,
    purpose: &'static str,
}

const NEEDS: &[Need] = &[
    Need { package: "mold", sign: Sign::Program("mold"), purpose: "links the tests in a tenth of the time" },
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
    Need {
        package: "postgresql",
        sign: Sign::Pattern("/usr/lib/postgresql/*/bin/postgres"),
        purpose: "the other database engine",
    },
    Need {
        package: "libfaketime",
        sign: Sign::Pattern("/usr/lib/*/faketime/libfaketime.so.1"),
        purpose: "sets the clock of a service back",
    },
    Need {
        package: "librsvg2-bin",
        sign: Sign::Program("rsvg-convert"),
        purpose: "draws our QR codes, imprints and pages",
    },
    Need { package: "qpdf", sign: Sign::Program("qpdf"), purpose: "makes and checks PDF files" },
    Need {
        package: "poppler-utils",
        sign: Sign::Program("pdftoppm"),
        purpose: "draws PDF, lists its signatures",
    },
    Need {
        package: "fonts-noto-cjk",
        sign: Sign::File("/usr/share/fonts/opentype/noto/NotoSerifCJK-Regular.ttc"),
        purpose: "Chinese letters of documents made by others",
    },
    Need {
        package: "libreoffice-writer-nogui",
        sign: Sign::Program("soffice"),
        purpose: "makes PDF files as offices do",
    },
    Need { package: "mupdf-tools", sign: Sign::Program("mutool"), purpose: "opens our PDF files" },
    Need {
        package: "chromium",
        sign: Sign::Program("chromium"),
        purpose: "draws our imprints, shows the console",
    },
    Need { package: "chromium-driver", sign: Sign::Program("chromedriver"), purpose: "drives the browser" },
    Need { package: "npm", sign: Sign::Program("npm"), purpose: "fetches the rules of accessibility" },
    Need { package: "zbar-tools", sign: Sign::Program("zbarimg"), purpose: "reads our QR codes" },
    Need {
        package: "python3-venv",
        sign: Sign::Pattern("/usr/lib/python3.*/ensurepip/__init__.py"),
        purpose: "holds schemathesis, pyHanko and the stand-in for S3",
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
        Sign::Pattern(pattern) => matches(pattern).iter().any(|path| path.is_file()),
    }
}

/// The paths that fit a pattern.
fn matches(pattern: &str) -> Vec<PathBuf> {
    let mut found = vec![PathBuf::from("/")];
    for part in pattern.split('/').filter(|part| !part.is_empty()) {
        found = match part.strip_suffix('*') {
            None => found.iter().map(|folder| folder.join(part)).collect(),
            Some(begin) => found.iter().flat_map(|folder| entries(folder, begin)).collect(),
        };
    }
    found
}

fn entries(folder: &Path, begin: &str) -> Vec<PathBuf> {
    let listed = std::fs::read_dir(folder).into_iter().flatten().flatten();
    listed.filter(|entry| entry.file_name().to_string_lossy().starts_with(begin)).map(|e| e.path()).collect()
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

#[cfg(test)]
mod tests {
    use super::matches;

    #[test]
    fn a_pattern_finds_what_lies_under_any_version() {
        let root = std::env::temp_dir().join(format!("yinxin-pattern-{}", std::process::id()));
        for version in ["3.9", "3.11", "4.0"] {
            std::fs::create_dir_all(root.join(version).join("bin")).unwrap();
        }
        let fits = |pattern: &str| {
            let found = matches(&format!("{}/{pattern}", root.display()));
            found.iter().filter(|path| path.is_dir()).count()
        };
        let counts = [fits("3.*/bin"), fits("*/bin"), fits("5*/bin"), fits("3.9/bin"), fits("3.9/lib")];
        std::fs::remove_dir_all(&root).unwrap();
        assert_eq!(counts, [2, 3, 0, 1, 0]);
    }
}
