//! What tests need running beside them: a PostgreSQL cluster, and a stand-in for S3.

use crate::background::{Background, request};
use crate::port::free_port;
use crate::postgres::cluster::{Cluster, Durability, Error};
use crate::python;
use crate::run::target_dir;
use anyhow::{Context, Result, anyhow, bail};
use std::process::Command;

/// The bucket that stands ready.
const BUCKET: &str = "yinxin-test";

/// The running services; they end with the value.
pub struct Services {
    postgres: Option<Cluster>,
    s3: Option<(Background, u16)>,
}

impl Services {
    /// Starts both. What is absent is told by [`tell`](Self::tell); an absence that nobody allowed is an error.
    pub fn start() -> Result<Self> {
        let postgres = match Cluster::private(Durability::None) {
            Ok(cluster) => Some(cluster),
            Err(Error::Absent(_)) if allowed("YINXIN_ALLOW_MISSING_POSTGRES") => None,
            Err(error) => return Err(error.into()),
        };
        let s3 = match s3() {
            Ok(running) => Some(running),
            // On a machine that judges changes nothing may be left out unseen.
            Err(error) if std::env::var_os("CI").is_none() => {
                println!("{error:#}");
                None
            }
            Err(error) => return Err(error.context("the stand-in for S3")),
        };
        let services = Self { postgres, s3 };
        services.tell();
        Ok(services)
    }

    /// Whether the stand-in for S3 runs.
    pub fn has_s3(&self) -> bool {
        self.s3.is_some()
    }

    /// Tells a command where they are.
    pub fn export(&self, command: &mut Command) {
        if let Some(cluster) = &self.postgres {
            command.env("YINXIN_TEST_POSTGRES", cluster.url());
        }
        match &self.s3 {
            Some((_, port)) => command
                .env("YINXIN_TEST_S3", format!("http://127.0.0.1:{port}"))
                .env("YINXIN_TEST_S3_BUCKET", BUCKET),
            None => command.env_remove("YINXIN_TEST_S3"),
        };
        // pyHanko; its tests say loudly where it is absent.
        if let Ok(programs) = python::programs() {
            command.env("YINXIN_PYTHON", programs.join("python"));
        }
    }

    /// Prints what there is, and loudly what there is not.
    pub fn tell(&self) {
        match &self.postgres {
            Some(cluster) => println!("PostgreSQL: {}", cluster.url()),
            None => println!("!!! POSTGRESQL ABSENT: tests on PostgreSQL are IGNORED, not passed"),
        }
        match &self.s3 {
            Some((_, port)) => println!("stand-in for S3: http://127.0.0.1:{port}/{BUCKET}"),
            None => println!(
                "!!! S3 STAND-IN ABSENT: tests whose names begin with s3_ are IGNORED, not passed (it comes from the \
                 Python package index)"
            ),
        }
    }
}

fn allowed(variable: &str) -> bool {
    std::env::var_os(variable).is_some_and(|value| value == "1")
}

fn s3() -> Result<(Background, u16)> {
    let port = free_port().map_err(|error| anyhow!(error))?;
    let mut command = Command::new(python::programs()?.join("moto_server"));
    command.args(["-H", "127.0.0.1", "-p", &port.to_string()]);
    let mut server = Background::start(&command, &target_dir().join("tools/moto.log"))?;
    server.wait_until_ready(port, "/moto-api/")?;
    let answer = request(port, "PUT", &format!("/{BUCKET}")).context("making a bucket")?;
    if !answer.starts_with("HTTP/1.1 200") {
        bail!("making a bucket: {answer}");
    }
    Ok((server, port))
}
