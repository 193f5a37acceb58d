//! A zip writer that can be told to lie.
#![allow(dead_code, reason = "each test file uses its own part")]

use std::io::{Cursor, Write};

use flate2::Compression;
use flate2::write::DeflateEncoder;
use yinxin_ofd::{Anomaly, Limits, OfdError, Package, Severity};

#[derive(Clone)]
pub struct Item {
    pub name: Vec<u8>,
    /// `None`: as in the directory.
    pub local_name: Option<Vec<u8>>,
    pub content: Vec<u8>,
    pub deflate: bool,
    pub method: Option<u16>,
    pub local_method: Option<u16>,
    pub flags: u16,
    pub local_flags: Option<u16>,
    pub crc: Option<u32>,
    pub local_crc: Option<u32>,
    pub size: Option<u32>,
    pub local_size: Option<u32>,
    pub descriptor: Option<Descriptor>,
    pub zip64: bool,
    pub extra: Vec<u8>,
    pub local_extra: Vec<u8>,
    pub external: u32,
    pub made_by: u16,
    /// Bytes put before the local header.
    pub before: Vec<u8>,
    /// Left out of the directory.
    pub hidden: bool,
    /// Bytes appended to the compressed data and counted in the compressed size.
    pub tail: Vec<u8>,
    pub offset: Option<u32>,
}

#[derive(Clone, Copy)]
pub struct Descriptor {
    pub signed: bool,
    pub wide: bool,
    pub wrong: bool,
}

pub fn item(name: &str, content: &[u8]) -> Item {
    Item {
        name: name.as_bytes().to_vec(),
        local_name: None,
        content: content.to_vec(),
        deflate: false,
        method: None,
        local_method: None,
        flags: 0,
        local_flags: None,
        crc: None,
        local_crc: None,
        size: None,
        local_size: None,
        descriptor: None,
        zip64: false,
        extra: Vec::new(),
        local_extra: Vec::new(),
        external: 0,
        made_by: 20,
        before: Vec::new(),
        hidden: false,
        tail: Vec::new(),
        offset: None,
    }
}

impl Item {
    pub fn with(mut self, change: impl FnOnce(&mut Self)) -> Self {
        change(&mut self);
        self
    }

    pub fn deflated(self) -> Self {
        self.with(|item| item.deflate = true)
    }
}

#[derive(Default)]
pub struct Zip {
    pub prefix: Vec<u8>,
    /// Offsets count the prefix.
    pub absolute: bool,
    pub comment: Vec<u8>,
    pub declared_comment: Option<u16>,
    pub count: Option<u16>,
    pub zip64_end: bool,
    pub before_directory: Vec<u8>,
    pub after_directory: Vec<u8>,
    pub trailing: Vec<u8>,
    pub items: Vec<Item>,
}

fn le16(out: &mut Vec<u8>, values: &[u16]) {
    values.iter().for_each(|value| out.extend_from_slice(&value.to_le_bytes()));
}

fn le32(out: &mut Vec<u8>, values: &[u32]) {
    values.iter().for_each(|value| out.extend_from_slice(&value.to_le_bytes()));
}

pub fn deflate(content: &[u8]) -> Vec<u8> {
    let mut encoder = DeflateEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(content).unwrap();
    encoder.finish().unwrap()
}

impl Zip {
    pub fn of(items: Vec<Item>) -> Self {
        Self { items, ..Self::default() }
    }

    pub fn build(&self) -> Vec<u8> {
        let mut out = self.prefix.clone();
        let base = if self.absolute { 0 } else { self.prefix.len() };
        let mut directory = Vec::new();
        let mut count = 0u16;
        for item in &self.items {
            out.extend_from_slice(&item.before);
            let offset = item.offset.unwrap_or((out.len() - base) as u32);
            let mut data = if item.deflate { deflate(&item.content) } else { item.content.clone() };
            data.extend_from_slice(&item.tail);
            let crc = item.crc.unwrap_or(crc32fast::hash(&item.content));
            let size = item.size.unwrap_or(item.content.len() as u32);
            let method = item.method.unwrap_or(if item.deflate { 8 } else { 0 });
            let flags = item.flags | if item.descriptor.is_some() { 8 } else { 0 };
            let streamed = item.descriptor.is_some();
            let local_name = item.local_name.as_ref().unwrap_or(&item.name);
            let (mut csize_field, mut size_field) = (data.len() as u32, item.local_size.unwrap_or(size));
            if streamed {
                (csize_field, size_field) = (0, item.local_size.unwrap_or(0));
            }
            let mut local_extra = item.local_extra.clone();
            if item.zip64 {
                le16(&mut local_extra, &[1, 16]);
                local_extra.extend_from_slice(&u64::from(size_field).to_le_bytes());
                local_extra.extend_from_slice(&u64::from(csize_field).to_le_bytes());
                (csize_field, size_field) = (u32::MAX, u32::MAX);
            }
            le32(&mut out, &[0x0403_4b50]);
            le16(
                &mut out,
                &[20, item.local_flags.unwrap_or(flags), item.local_method.unwrap_or(method), 0, 33],
            );
            le32(
                &mut out,
                &[item.local_crc.unwrap_or(if streamed { 0 } else { crc }), csize_field, size_field],
            );
            le16(&mut out, &[local_name.len() as u16, local_extra.len() as u16]);
            out.extend_from_slice(local_name);
            out.extend_from_slice(&local_extra);
            out.extend_from_slice(&data);
            if let Some(form) = item.descriptor {
                if form.signed {
                    le32(&mut out, &[0x0807_4b50]);
                }
                le32(&mut out, &[if form.wrong { !crc } else { crc }]);
                for value in [data.len() as u64, u64::from(size)] {
                    if form.wide {
                        out.extend_from_slice(&value.to_le_bytes());
                    } else {
                        le32(&mut out, &[value as u32]);
                    }
                }
            }
            if item.hidden {
                continue;
            }
            count += 1;
            let mut extra = item.extra.clone();
            let (mut csize_field, mut size_field) = (data.len() as u32, size);
            if item.zip64 {
                le16(&mut extra, &[1, 16]);
                extra.extend_from_slice(&u64::from(size).to_le_bytes());
                extra.extend_from_slice(&(data.len() as u64).to_le_bytes());
                (csize_field, size_field) = (u32::MAX, u32::MAX);
            }
            le32(&mut directory, &[0x0201_4b50]);
            le16(&mut directory, &[item.made_by, 20, flags, method, 0, 33]);
            le32(&mut directory, &[crc, csize_field, size_field]);
            le16(&mut directory, &[item.name.len() as u16, extra.len() as u16, 0, 0, 0]);
            le32(&mut directory, &[item.external, offset]);
            directory.extend_from_slice(&item.name);
            directory.extend_from_slice(&extra);
        }
        out.extend_from_slice(&self.before_directory);
        let directory_at = (out.len() - base) as u32;
        out.extend_from_slice(&directory);
        out.extend_from_slice(&self.after_directory);
        let count = self.count.unwrap_or(count);
        let (mut count_field, mut size_field, mut at_field) = (count, directory.len() as u32, directory_at);
        if self.zip64_end {
            let end64 = (out.len() - base) as u64;
            le32(&mut out, &[0x0606_4b50]);
            out.extend_from_slice(&44u64.to_le_bytes());
            le16(&mut out, &[45, 45]);
            le32(&mut out, &[0, 0]);
            for value in [u64::from(count), u64::from(count), directory.len() as u64, u64::from(directory_at)]
            {
                out.extend_from_slice(&value.to_le_bytes());
            }
            le32(&mut out, &[0x0706_4b50, 0]);
            out.extend_from_slice(&end64.to_le_bytes());
            le32(&mut out, &[1]);
            (count_field, size_field, at_field) = (u16::MAX, u32::MAX, u32::MAX);
        }
        le32(&mut out, &[0x0605_4b50]);
        le16(&mut out, &[0, 0, count_field, count_field]);
        le32(&mut out, &[size_field, at_field]);
        le16(&mut out, &[self.declared_comment.unwrap_or(self.comment.len() as u16)]);
        out.extend_from_slice(&self.comment);
        out.extend_from_slice(&self.trailing);
        out
    }
}

pub type Opened = Package<Cursor<Vec<u8>>>;

pub fn open(bytes: Vec<u8>) -> Result<Opened, OfdError> {
    Package::open(Cursor::new(bytes), &Limits::default())
}

/// Code and weight of each finding.
pub fn findings(package: &Opened) -> Vec<(&'static str, Severity)> {
    package.anomalies().iter().map(|Anomaly { code, severity, .. }| (*code, *severity)).collect()
}

/// A minimal two-page document, as items to be bent.
pub fn document() -> Vec<Item> {
    let ns = "xmlns:ofd=\"http://www.ofdspec.org/2016\"";
    let page =
        |n: u32| format!("<ofd:Page {ns}><ofd:Content><ofd:Layer ID=\"{n}\"/></ofd:Content></ofd:Page>");
    vec![
        item(
            "OFD.xml",
            format!("<ofd:OFD {ns} Version=\"1.0\"><ofd:DocBody><ofd:DocRoot>Doc_0/Document.xml</ofd:DocRoot></ofd:DocBody></ofd:OFD>").as_bytes(),
        ),
        item(
            "Doc_0/Document.xml",
            format!("<ofd:Document {ns}><ofd:CommonData><ofd:MaxUnitID>9</ofd:MaxUnitID><ofd:PageArea><ofd:PhysicalBox>0 0 210 297</ofd:PhysicalBox></ofd:PageArea></ofd:CommonData><ofd:Pages><ofd:Page ID=\"1\" BaseLoc=\"Pages/Page_0/Content.xml\"/><ofd:Page ID=\"2\" BaseLoc=\"Pages/Page_1/Content.xml\"/></ofd:Pages></ofd:Document>").as_bytes(),
        ),
        item("Doc_0/Pages/Page_0/Content.xml", page(3).as_bytes()).deflated(),
        item("Doc_0/Pages/Page_1/Content.xml", page(4).as_bytes()).deflated(),
    ]
}

/// The folder of documents made by others, or `None` after one loud line.
pub fn interop() -> Option<std::path::PathBuf> {
    let folder = std::env::var_os("YINXIN_INTEROP").map_or_else(
        || std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/interop"),
        std::path::PathBuf::from,
    );
    if folder.join("expected.tsv").is_file() {
        return Some(folder);
    }
    // Straight to the stream: the test harness hides what passing tests print.
    let line = format!("INTEROP DATA ABSENT at {}: this test proved nothing\n", folder.display());
    let _ = std::io::stderr().write_all(line.as_bytes());
    None
}
