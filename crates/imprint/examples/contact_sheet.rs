//! Draws seals of many kinds and lengths into a folder, to be looked at: `contact_sheet DIR [DPI]`.

use std::error::Error;
use std::path::PathBuf;
use yinxin_imprint::{Font, ImprintSpec, Kind, Style, Suffix, draw};

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args_os().skip(1);
    let folder = PathBuf::from(arguments.next().ok_or("give the folder to write to")?);
    let dpi: u32 = arguments.next().map_or(Ok(300), |dpi| dpi.to_string_lossy().parse())?;
    let font = Font::builtin();
    for (file, spec) in round().into_iter().chain(square()) {
        let drawing = draw(&spec, &font)?;
        std::fs::write(folder.join(format!("{file}.png")), drawing.to_png(dpi)?)?;
        std::fs::write(folder.join(format!("{file}.svg")), drawing.to_svg())?;
    }
    Ok(())
}

fn round() -> Vec<(String, ImprintSpec)> {
    let names = [
        ("04", "示例公司"),
        ("07", "示例市人民政府"),
        ("11", "示例市示例科技有限公司"),
        ("16", "示例（北京）信息技术股份有限公司"),
        ("20", "示例省示例市人民政府政务服务数据管理局"),
        ("26", "示例省示例市高新技术产业开发区综合行政执法监督管理局"),
        ("40", "示例省示例市示例经济技术开发区示例街道办事处示例社区卫生服务中心示例门诊部管理委员会"),
    ];
    let mut all = Vec::new();
    for (length, name) in names {
        let name: String = name.chars().take(40).collect();
        let plain = ImprintSpec::official(&name);
        all.push((format!("round-{length}"), plain.clone()));
        all.push((format!("round-{length}-code"), plain.clone().with_code("1101050012345")));
        all.push((format!("round-{length}-contract"), ImprintSpec::new(Kind::Contract, &name)));
        let full = ImprintSpec::new(Kind::Finance, &name).with_code("1101050012345");
        all.push((format!("round-{length}-finance-code"), full));
    }
    all
}

fn square() -> Vec<(String, ImprintSpec)> {
    let mut all = Vec::new();
    for name in ["李明", "王小明", "欧阳明", "欧阳建国"] {
        for (style, style_name) in [(Style::Raised, "raised"), (Style::Cut, "cut")] {
            for (suffix, suffix_name) in [(Suffix::None, "bare"), (Suffix::Fill, "fill")] {
                let spec = ImprintSpec::personal(name).with_style(style).with_suffix(suffix);
                all.push((format!("square-{name}-{style_name}-{suffix_name}"), spec));
            }
        }
    }
    all
}
