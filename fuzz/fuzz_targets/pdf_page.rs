//! Reads and draws the first pages of any bytes as a PDF, and the same bytes as content, font and image of a sound one.
#![no_main]

use std::io::Cursor;

use libfuzzer_sys::fuzz_target;
use yinxin_ofd::Limits;
use yinxin_render::{FontSet, Options, Paged, RenderLimits};

/// Small bounds: what is looked for is panics, not patience.
fn limits() -> RenderLimits {
    RenderLimits {
        max_objects: 2_000,
        max_path_steps: 50_000,
        max_characters: 2_000,
        max_clips: 200,
        max_pixels: 2_000_000,
        max_work: 50_000_000,
        max_image_pixels: 1_000_000,
        max_page_image_pixels: 2_000_000,
        max_content: 1 << 20,
        max_stream_bytes: 4 << 20,
        ..RenderLimits::default()
    }
}

fn draw(bytes: Vec<u8>) {
    let mut options = Options::new(FontSet::builtin());
    options.limits = limits();
    let Ok(mut pages) = Paged::open(Cursor::new(bytes), options, &Limits::default()) else { return };
    for number in 0..pages.count().min(3) {
        let Ok(page) = pages.page(number) else { continue };
        let _ = page.to_svg();
        let _ = page.text().find("合同");
        if let Ok(picture) = page.draw(30, &limits()) {
            let _ = picture.to_png();
        }
    }
}

fn stream(entries: &str, data: &[u8]) -> Vec<u8> {
    let head = format!("<< {entries} /Length {} >>\nstream\n", data.len());
    [head.as_bytes(), data, b"\nendstream"].concat()
}

fuzz_target!(|data: &[u8]| {
    draw(data.to_vec());
    const CONTENT: &[u8] =
        b"BT /F 20 Tf 9 50 Td (Abc) Tj ET q 50 0 0 50 9 9 cm /I Do Q /P cs /T scn 0 0 99 99 re f ";
    let objects: Vec<Vec<u8>> = vec![
        b"<< /Type /Catalog /Pages 2 0 R >>".to_vec(),
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>".to_vec(),
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 300 200] /Contents 4 0 R /Resources << /Font << /F 5 0 R >> \
          /XObject << /I 8 0 R >> /Pattern << /T 9 0 R >> /ColorSpace << /P /Pattern >> >> >>"
            .to_vec(),
        stream("", &[CONTENT, data].concat()),
        b"<< /Type /Font /Subtype /TrueType /BaseFont /X /FirstChar 65 /LastChar 99 /FontDescriptor 6 0 R >>".to_vec(),
        b"<< /Type /FontDescriptor /FontName /X /Flags 4 /FontFile2 7 0 R >>".to_vec(),
        stream("", data),
        stream("/Subtype /Image /Width 9 /Height 9 /BitsPerComponent 8 /ColorSpace /DeviceRGB /Filter /DCTDecode", data),
        stream("/PatternType 1 /PaintType 1 /TilingType 1 /BBox [0 0 9 9] /XStep 9 /YStep 9 /Resources << >>", data),
    ];
    let mut out = b"%PDF-1.7\n".to_vec();
    let mut table = String::from("0000000000 65535 f \n");
    for (at, object) in objects.iter().enumerate() {
        table.push_str(&format!("{:010} 00000 n \n", out.len()));
        out.extend(format!("{} 0 obj\n", at + 1).bytes());
        out.extend(object);
        out.extend(b"\nendobj\n");
    }
    let start = out.len();
    let size = objects.len() + 1;
    out.extend(
        format!(
            "xref\n0 {size}\n{table}trailer\n<< /Size {size} /Root 1 0 R >>\nstartxref\n{start}\n%%EOF\n"
        )
        .bytes(),
    );
    draw(out);
});
