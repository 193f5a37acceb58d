//! The same reasons in Chinese, for people who apply for seals.

use crate::ImprintError;

impl ImprintError {
    /// What is wrong, in Chinese; `Display` says it in English.
    pub fn zh(&self) -> String {
        match self {
            Self::EmptyText { field } => format!("{}为空，请填写印章上的文字", text(field)),
            Self::TextTooLong { field, length, max } => {
                format!("{}有 {length} 个字，这枚印章最多容纳 {max} 个", text(field))
            }
            Self::TextTooShort { field, length, min } => {
                format!("{}只有 {length} 个字，这枚印章至少需要 {min} 个", text(field))
            }
            Self::InvisibleCharacter { field, character, position } => format!(
                "{}的第 {position} 个字符 U+{character:04X} 是空格、控制字符或不可见字符，不能出现在印章上，请删除",
                text(field)
            ),
            Self::MissingCharacters { missing } => {
                let shown: Vec<String> =
                    missing.iter().take(10).map(|c| format!("{c}（U+{:04X}）", *c as u32)).collect();
                let more =
                    if missing.len() > 10 { format!("等 {} 个字", missing.len()) } else { String::new() };
                format!("字体中没有 {}{more}，请配置含有这些字的字体", shown.join("、"))
            }
            Self::DoesNotFit { field, size_mm } => {
                format!(
                    "{}在 {size_mm} 毫米的印章上放不下，字会小到无法辨认；请缩短或者选用更大的规格",
                    text(field)
                )
            }
            Self::SizeOutOfRange { size_mm, min_mm, max_mm } => {
                format!("尺寸 {size_mm} 毫米超出该类印章允许的 {min_mm} 至 {max_mm} 毫米")
            }
            Self::BorderOutOfRange { border_mm, min_mm, max_mm } => {
                format!("边宽 {border_mm} 毫米超出这一尺寸允许的 {min_mm} 至 {max_mm} 毫米")
            }
            Self::OptionNotForKind { option, .. } => format!("该类印章不带{}，请去掉", text(option)),
            Self::CenterNotAllowed { .. } => "该类、该级别的印章中心不得刊刻所要求的图案".to_owned(),
            Self::OptionMissing { option, .. } => format!("该类印章须有{}", text(option)),
            Self::NoRule { .. } => "印模规则中没有该类、该级别的印章".to_owned(),
            Self::BadEmblem { detail } => format!("徽记图案不能使用（{detail}）"),
            Self::PictureFormat { found } => format!("图像的格式是 {found}，应为 PNG、JPEG、BMP 或 SVG"),
            Self::PictureTooLarge { what } => format!("图像过大（{what}）"),
            Self::PictureBroken { detail } => format!("图像损坏或不完整（{detail}）"),
            Self::NothingFound { .. } => "图像中没有找到印模".to_owned(),
            Self::SizeUnknown => "图像没有注明分辨率，请给出尺寸（毫米）".to_owned(),
            Self::TooManyColors { other_percent } => {
                format!("图像的颜色有 {other_percent}% 不是红色，无法把印模与底色分开")
            }
            Self::CutRim { seen_percent } => format!("印边残缺，只有 {seen_percent}% 可见"),
            Self::RatioDiffers { found, wanted } => {
                format!("印模宽高之比为 {found:.3}，应为 {wanted:.3}；请平整后扫描")
            }
            Self::SizeDiffers { found_mm, wanted_mm } => {
                format!("按图像的分辨率，印模宽 {found_mm:.1} 毫米，应为 {wanted_mm} 毫米")
            }
            Self::DpiTooLow { dpi, least } => format!("印模在图像中只有 {dpi} dpi，至少需要 {least} dpi"),
            Self::DpiOutOfRange { dpi, min, max } => format!("{dpi} dpi 超出 {min} 至 {max} dpi"),
            Self::BadFont { detail } => format!("字体不能使用（{detail}）"),
            Self::BadColor { given } => format!("颜色 {given:?} 的写法应为 #RRGGBB"),
            Self::UnknownWord { given, known, .. } => format!("{given:?} 无法识别，可用：{known}"),
            Self::Encoding { detail } => format!("图像编码失败（{detail}）"),
        }
    }
}

/// A text or an option of a specification, by the name that errors give it.
fn text(field: &str) -> &str {
    match field {
        "name" => "名称",
        "purpose" => "用途",
        "second" => "第二行文字",
        "number" => "编号",
        "tax number" | "tax_number" => "纳税人识别号",
        "code" => "印章编码",
        "emblem" => "徽记",
        "picture" => "图像",
        "suffix" => "后缀",
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn says_in_chinese_what_display_says_in_english() {
        let error = ImprintError::SizeOutOfRange { size_mm: 60.0, min_mm: 30.0, max_mm: 45.0 };
        assert_eq!(error.zh(), "尺寸 60 毫米超出该类印章允许的 30 至 45 毫米");
        let error = ImprintError::MissingCharacters { missing: vec!['龘'; 12] };
        assert!(error.zh().contains("等 12 个字"), "{}", error.zh());
        assert_eq!(
            ImprintError::EmptyText { field: "tax number" }.zh(),
            "纳税人识别号为空，请填写印章上的文字"
        );
    }
}
