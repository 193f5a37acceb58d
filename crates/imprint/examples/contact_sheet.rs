//! Draws every kind of seal at 4, 10, 20 and 40 characters onto one sheet, to be looked at: `contact_sheet OUT.png [DPI]`.

use image::codecs::png::{CompressionType, FilterType, PngEncoder};
use std::error::Error;
use std::io::Cursor;
use std::path::PathBuf;
use yinxin_imprint::{Center, Drawing, Font, ImprintSpec, Kind, Rank, Style, Suffix, draw};

/// A row of the sheet: as many drawings as there are columns.
type Row = Vec<ImprintSpec>;

const NAMES: [&str; 4] = [
    "示例公司",
    "示例市示例科技中心所",
    "示例省示例市人民政府政务服务和数据管理局",
    "示例省示例市示例经济技术开发区示例街道办事处示例社区卫生服务中心示例门诊部管委会",
];
const LENGTHS: [usize; 4] = [4, 10, 20, 40];
/// Width of a column in mm.
const COLUMN: f64 = 62.0;
const MARGIN: f64 = 3.0;

/// An emblem made for the sample: a gear around a tower.
const EMBLEM: &str = r#"<svg xmlns="http://www.w3.org/2000/svg" viewBox="-10 -10 20 20">
<path fill-rule="evenodd" d="M-1.2-10h2.4l.5 2 2 .6 1.6-1.4 2 1.4-.7 2 1.3 1.6 2.1-.1.7 2.3-1.8 1.1v2l1.8 1.1-.7 2.3-2.1-.1-1.3 1.6.7 2-2 1.4-1.6-1.4-2 .6-.5 2h-2.4l-.5-2-2-.6-1.6 1.4-2-1.4.7-2-1.3-1.6-2.1.1-.7-2.3 1.8-1.1v-2l-1.8-1.1.7-2.3 2.1.1 1.3-1.6-.7-2 2-1.4 1.6 1.4 2-.6zM0-6.5a6.5 6.5 0 1 0 .01 0zM-4 4v-1.4h1v-3h-1.2L0-5l4.2 4.6H3v3h1V4z"/></svg>"#;

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args_os().skip(1);
    let file = PathBuf::from(arguments.next().ok_or("give the file to write")?);
    let dpi: u32 = arguments.next().map_or(Ok(96), |dpi| dpi.to_string_lossy().parse())?;
    let font = Font::builtin();
    let pixels = |mm: f64| (mm / 25.4 * f64::from(dpi)).round() as u32;
    let mut drawn: Vec<Vec<Drawing>> = Vec::new();
    for row in rows() {
        let drawings: Result<Vec<Drawing>, _> = row.iter().map(|spec| draw(spec, &font)).collect();
        drawn.push(drawings?);
    }
    let height =
        |row: &[Drawing]| row.iter().map(|drawing| drawing.size_mm().1).fold(0.0, f64::max) + 2.0 * MARGIN;
    let total: f64 = drawn.iter().map(|row| height(row)).sum();
    let mut sheet =
        image::RgbaImage::from_pixel(pixels(COLUMN * 4.0), pixels(total), image::Rgba([255, 255, 255, 255]));
    let mut top = 0.0;
    for row in &drawn {
        let width = COLUMN * 4.0 / row.len().max(1) as f64;
        for (column, drawing) in row.iter().enumerate() {
            let (w, h) = drawing.size_mm();
            let seal = image::load(Cursor::new(drawing.to_png(dpi)?), image::ImageFormat::Png)?;
            let x = pixels(width * column as f64 + (width - w) / 2.0);
            let y = pixels(top + (height(row) - h) / 2.0);
            image::imageops::overlay(&mut sheet, &seal, x.into(), y.into());
        }
        top += height(row);
    }
    let mut bytes = Vec::new();
    let encoder = PngEncoder::new_with_quality(&mut bytes, CompressionType::Best, FilterType::NoFilter);
    image::DynamicImage::from(sheet).into_rgb8().write_with_encoder(encoder)?;
    std::fs::write(&file, bytes)?;
    Ok(())
}

fn rows() -> Vec<Row> {
    let names: Vec<String> =
        NAMES.iter().zip(LENGTHS).map(|(name, n)| name.chars().cycle().take(n).collect()).collect();
    let each = |make: &dyn Fn(&str) -> ImprintSpec| names.iter().map(|name| make(name)).collect::<Row>();
    vec![
        each(&|name| ImprintSpec::official(name)),
        each(&|name| ImprintSpec::official(name).with_size_mm(42.0).with_code("1101050012345")),
        each(&|name| ImprintSpec::official(name).with_rank(Rank::ProvinceMinistry).with_emblem(EMBLEM)),
        each(&|name| ImprintSpec {
            inner_ring: true,
            ..ImprintSpec::official(name).with_purpose("示例分所")
        }),
        each(&|name| ImprintSpec::new(Kind::Business, name).with_purpose("业务专用章").with_number(1)),
        each(&|name| ImprintSpec::new(Kind::Finance, name)),
        each(&|name| {
            let spec =
                ImprintSpec::new(Kind::Contract, name).with_center(Center::Star).with_second("电子商务部");
            spec.with_number(2)
        }),
        each(&|name| {
            ImprintSpec::new(Kind::Finance, name).with_center(Center::Star).with_code("1101050012345")
        }),
        each(&|name| ImprintSpec::invoice(name, "91110105MA01234567").with_number(1)),
        each(&|name| ImprintSpec::new(Kind::Customs, name).with_code("1101050012345")),
        each(&|name| ImprintSpec::new(Kind::Cancellation, name).with_center(Center::Star)),
        persons(Style::Raised),
        persons(Style::Cut),
        vec![
            ImprintSpec::personal("李明").with_height_mm(9.0),
            ImprintSpec::personal("王小明").with_size_mm(24.0).with_height_mm(10.0),
            ImprintSpec::personal("欧阳建国").with_size_mm(26.0).with_height_mm(9.0).with_suffix(Suffix::Yin),
            ImprintSpec::personal("王小明").with_size_mm(9.0).with_height_mm(22.0).with_style(Style::Cut),
            ImprintSpec::personal("王小明").with_size_mm(20.0).with_suffix(Suffix::ZhiYin),
            ImprintSpec::personal("欧阳建国").with_size_mm(20.0).with_suffix(Suffix::ZhiYin),
        ],
    ]
}

fn persons(style: Style) -> Row {
    let all =
        [("李明", Suffix::None), ("李明", Suffix::Fill), ("王小明", Suffix::None), ("王小明", Suffix::Fill)];
    let more = [("欧阳明", Suffix::None), ("欧阳建国", Suffix::None), ("一丁", Suffix::Yin)];
    let spec =
        |(name, suffix): &(&str, Suffix)| ImprintSpec::personal(*name).with_style(style).with_suffix(*suffix);
    all.iter().chain(&more).map(spec).collect()
}
