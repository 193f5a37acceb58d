//! Documents made to cost without end: bounded, named, and what can be drawn is drawn.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests fail by panicking")]

mod support;

use std::time::{Duration, Instant};

use support::{Look, RED, Sheet, block};
use yinxin_render::{Page, RenderLimits};

/// A page that was read and drawn in bounded time, with the codes of its notes.
fn bounded(sheet: &Sheet, limits: &RenderLimits) -> (Page, Vec<&'static str>) {
    let start = Instant::now();
    let page = sheet.read_within(limits);
    let picture = page.draw(72, limits).unwrap();
    assert!(start.elapsed() < Duration::from_secs(60), "{:?}", start.elapsed());
    let codes = page.notes().iter().chain(&picture.notes).map(|note| note.code).collect();
    (page, codes)
}

fn unit(id: u32, inside: &str) -> String {
    format!(
        "<ofd:CompositeGraphicUnit ID=\"{id}\" Width=\"9\" Height=\"9\"><ofd:Content>{inside}</ofd:Content></ofd:CompositeGraphicUnit>"
    )
}

fn composite(id: u32) -> String {
    format!("<ofd:CompositeObject ResourceID=\"{id}\" Boundary=\"0 0 9 9\"/>")
}

#[test]
fn a_composite_inside_itself_ends() {
    let units = format!(
        "<ofd:CompositeGraphicUnits>{}</ofd:CompositeGraphicUnits>",
        unit(40, &(block(0.0, 0.0, 9.0, 9.0, "255 0 0") + &composite(40)))
    );
    let sheet = Sheet::of(&composite(40)).resources(&units);
    let (page, codes) = bounded(&sheet, &RenderLimits::default());
    assert_eq!(codes, ["NESTING_LIMIT"]);
    Look::of(&page).is(5.0, 5.0, RED);
}

#[test]
fn composites_that_double_at_each_step_end() {
    let mut units = unit(40, &block(0.0, 0.0, 9.0, 9.0, "255 0 0"));
    for id in 41..56 {
        units += &unit(id, &composite(id - 1).repeat(8));
    }
    let sheet = Sheet::of(&composite(55))
        .resources(&format!("<ofd:CompositeGraphicUnits>{units}</ofd:CompositeGraphicUnits>"));
    let limits = RenderLimits { max_objects: 20_000, ..RenderLimits::default() };
    assert!(bounded(&sheet, &limits).1.contains(&"OBJECT_LIMIT"));
}

#[test]
fn clips_without_end_are_cut_off() {
    let area = "<ofd:Clip><ofd:Area><ofd:Path Boundary=\"0 0 90 50\"><ofd:AbbreviatedData>M 0 0 L 90 0 L 90 50 L 0 50 C</ofd:AbbreviatedData></ofd:Path></ofd:Area></ofd:Clip>";
    let object = block(5.0, 5.0, 90.0, 50.0, "255 0 0").replace(
        "</ofd:PathObject>",
        &format!("<ofd:Clips>{}</ofd:Clips></ofd:PathObject>", area.repeat(300)),
    );
    let limits = RenderLimits { max_clips: 100, ..RenderLimits::default() };
    let (page, codes) = bounded(&Sheet::of(&object), &limits);
    assert_eq!(codes, ["CLIP_LIMIT"]);
    Look::of(&page).is(50.0, 30.0, RED);
}

#[test]
fn overpainting_without_end_is_cut_off_and_named() {
    let sheet = Sheet::of(&block(0.0, 0.0, 100.0, 60.0, "255 0 0").repeat(2000));
    let limits = RenderLimits { max_work: 10_000_000, ..RenderLimits::default() };
    assert_eq!(bounded(&sheet, &limits).1, ["WORK_LIMIT"]);
}

#[test]
fn a_path_of_a_million_points_is_drawn_up_to_the_limit() {
    let data: String = (0..1_000_000).map(|n| format!("L {} {} ", n % 97, n % 53)).collect();
    let object = format!(
        "<ofd:PathObject Boundary=\"0 0 100 60\" LineWidth=\"0.1\"><ofd:AbbreviatedData>M 0 0 {data}</ofd:AbbreviatedData></ofd:PathObject>"
    );
    let limits = RenderLimits { max_path_steps: 10_000, ..RenderLimits::default() };
    let (page, codes) = bounded(&Sheet::of(&object), &limits);
    assert_eq!(codes, ["PATH_LIMIT"]);
    assert!(Look::of(&page).share() > 0.1);
}

#[test]
fn huge_pages_numbers_dashes_patterns_and_texts_are_bounded() {
    let dashes = "<ofd:PathObject Boundary=\"0 0 100 60\" DashPattern=\"0.00001 0.00001\"><ofd:AbbreviatedData>M 0 0 L 900000 900000</ofd:AbbreviatedData></ofd:PathObject>";
    let pattern = "<ofd:PathObject Boundary=\"0 0 100 60\" Fill=\"true\"><ofd:FillColor><ofd:Pattern Width=\"0.01\" Height=\"0.01\"><ofd:CellContent>\
        <ofd:PathObject Boundary=\"0 0 1 1\"><ofd:AbbreviatedData>M 0 0 L 1 1</ofd:AbbreviatedData></ofd:PathObject></ofd:CellContent></ofd:Pattern>\
        </ofd:FillColor><ofd:AbbreviatedData>M 0 0 L 100 0 L 100 60 C</ofd:AbbreviatedData></ofd:PathObject>";
    let text = format!(
        "<ofd:TextObject Font=\"1\" Size=\"1e30\" Boundary=\"0 0 9 9\" CTM=\"1e30 0 0 1e30 1e38 0\"><ofd:TextCode X=\"1e37\" Y=\"0\" DeltaX=\"g 4000000000 1e30\">{}</ofd:TextCode></ofd:TextObject>",
        "字".repeat(3000)
    );
    let limits = RenderLimits { max_characters: 1000, ..RenderLimits::default() };
    let (_, codes) = bounded(&Sheet::of(&(dashes.to_owned() + pattern + &text)), &limits);
    for code in ["DASH_LIMIT", "PATTERN_LIMIT", "CHARACTER_LIMIT"] {
        assert!(codes.contains(&code), "{code}: {codes:?}");
    }
}

#[test]
fn numbers_that_are_none_or_beyond_all_bounds_draw_nothing_and_never_panic() {
    for number in ["NaN", "inf", "-1e39", "1e38", "-1e38", "1e-38", "", "x", "0"] {
        let object = format!(
            "<ofd:PathObject Boundary=\"{number} 0 {number} 9\" CTM=\"{number} 0 0 {number} 0 {number}\" LineWidth=\"{number}\" MiterLimit=\"{number}\" \
             DashPattern=\"{number} {number}\" Fill=\"true\"><ofd:FillColor Value=\"{number} 0 0\" Alpha=\"{number}\"><ofd:RadialShd StartPoint=\"{number} 0\" EndPoint=\"0 {number}\" \
             StartRadius=\"{number}\" EndRadius=\"1\"><ofd:Segment Position=\"{number}\"><ofd:Color Value=\"1 1 1\"/></ofd:Segment><ofd:Segment><ofd:Color Value=\"{number}\"/></ofd:Segment>\
             </ofd:RadialShd></ofd:FillColor><ofd:AbbreviatedData>M {number} 0 L 5 5 A {number} 3 {number} 0 1 9 9 B 1 1 {number} 2 3 3 C</ofd:AbbreviatedData></ofd:PathObject>\
             <ofd:ImageObject ResourceID=\"{number}\" Boundary=\"0 0 {number} 9\" CTM=\"{number} 0 0 1 0 0\"/>\
             <ofd:TextObject Font=\"1\" Size=\"{number}\" HScale=\"{number}\" CharDirection=\"{number}\" Boundary=\"0 0 9 9\"><ofd:TextCode X=\"{number}\" Y=\"{number}\" DeltaX=\"g {number} {number}\">文字</ofd:TextCode></ofd:TextObject>"
        );
        let (page, _) = bounded(&Sheet::of(&object), &RenderLimits::default());
        let _ = (page.to_svg().len(), page.text().find("文字"));
    }
}

#[test]
fn a_page_too_large_to_be_drawn_is_refused_with_its_reason() {
    let page = |size: &str| {
        let content = format!(
            "<ofd:Page xmlns:ofd=\"http://www.ofdspec.org/2016\"><ofd:Area><ofd:PhysicalBox>0 0 {size}</ofd:PhysicalBox></ofd:Area></ofd:Page>"
        );
        let bytes = Sheet::of("").part("Doc_0/Pages/Page_0/Content.xml", content.as_bytes()).forge.build();
        support::pages(&bytes, &RenderLimits::default()).page(0)
    };
    for size in ["1e9 1e9", "0 0", "-5 5", "0.1 500"] {
        assert_eq!(page(size).unwrap_err().code(), "RENDER_PAGE_BOX", "{size}");
    }
    let wide = page("20000 20000").unwrap();
    let limits = RenderLimits::default();
    assert_eq!(wide.draw(150, &limits).unwrap_err().code(), "RENDER_TOO_MANY_PIXELS");
    assert_eq!(wide.draw(10, &limits).unwrap().width, 7874);
    assert_eq!(wide.draw(9, &limits).unwrap_err().code(), "RENDER_DPI_OUT_OF_RANGE");
}

#[test]
fn templates_do_not_lead_to_templates() {
    let template = "<ofd:Page xmlns:ofd=\"http://www.ofdspec.org/2016\"><ofd:Template TemplateID=\"50\"/><ofd:Content/></ofd:Page>";
    let sheet = Sheet::page("<ofd:Template TemplateID=\"50\"/><ofd:Template TemplateID=\"77\"/>")
        .document("<ofd:TemplatePage ID=\"50\" BaseLoc=\"T0.xml\"/>", "")
        .part("Doc_0/T0.xml", template.as_bytes());
    assert_eq!(sheet.codes(), ["TEMPLATE_MISSING", "TEMPLATE_NESTED"]);
}

#[test]
fn an_svg_seal_that_asks_for_files_or_entities_gets_none() {
    use yinxin_testkit::ofd::SignForge;
    let draw = |svg: &str| {
        let mut sheet = Sheet::of("");
        let seal = support::seal("SVG", svg.as_bytes());
        sheet.forge.signatures = vec![SignForge::seal(&seal, |_, _| Vec::new())];
        let page = support::read(&sheet.forge.build(), &RenderLimits::default());
        (page.notes().iter().map(|note| note.code).collect::<Vec<_>>(), Look::of(&page).ink())
    };
    let file = "<svg xmlns='http://www.w3.org/2000/svg' xmlns:xlink='http://www.w3.org/1999/xlink' width='9' height='9'><image width='9' height='9' xlink:href='/usr/share/pixmaps/debian-logo.png'/></svg>";
    assert_eq!(draw(file), (vec![], None));
    let entity =
        "<!DOCTYPE svg [<!ENTITY a 'b'>]><svg xmlns='http://www.w3.org/2000/svg' width='9' height='9'/>";
    assert_eq!(draw(entity).0, ["SEAL_PICTURE"]);
}

#[test]
fn a_picture_of_a_seal_for_a_pdf_stays_within_bounds() {
    use yinxin_formats::ses::SealPicture;
    use yinxin_render::{Art, seal_art, seal_png};
    let limits = RenderLimits::for_strangers();
    let made = |kind: &str, data: Vec<u8>, mm: u64| {
        let picture = SealPicture { kind: kind.into(), data, width_mm: mm, height_mm: 40 };
        let art = seal_art(&picture, &limits);
        // What a PDF may have in too many steps can still be drawn; what is no picture cannot.
        let png = seal_png(&picture, &limits);
        assert!(art.is_err() || png.is_ok_and(|png| png.starts_with(b"\x89PNG")));
        art
    };
    let svg = |inside: &str| {
        format!("<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 40 40'>{inside}</svg>").into_bytes()
    };
    let many = svg(&"<path d='M1 1L9 9L1 9Z' fill='#c00'/><path d='M1 1L9 9L1 9Z'/>".repeat(30_000));
    let long = svg(&format!("<path d='M0 0{}' fill='#c00'/>", "L40 40L0 1".repeat(100_000)));
    for data in [many, long] {
        assert_eq!(made("SVG", data, 40).unwrap_err(), "more steps of paths than a picture is worth");
    }
    let few = svg(&"<path d='M1 1L9 9L1 9Z' fill='#c00'/>".repeat(1_000));
    assert!(matches!(made("SVG", few, 40).unwrap().art, Art::Paths { .. }));
    let dashes = "<clipPath id='c'><path d='M0 0H40V40Z'/></clipPath><g clip-path='url(#c)'><path d='M0 0L1000000 40' stroke='#c00' stroke-dasharray='0.01'/></g>";
    assert_eq!(made("SVG", svg(dashes), 40).unwrap_err(), "dashes without number");
    for depth in [70, 900] {
        let deep = ["<g opacity='0.9'>".repeat(depth), "<path d='M1 1H9V9Z'/>".into(), "</g>".repeat(depth)]
            .concat();
        let _ = made("SVG", svg(&deep), 40);
    }
    assert!(made("SVG", svg(""), 0).is_err() && made("SVG", svg(""), 5_000).is_err());
    assert!(made("SVG", b"<svg".to_vec(), 40).is_err());
    assert!(made("OFD", b"PK\x03\x04 no package".to_vec(), 40).is_err());
    assert!(made("TIFF", b"II*\0\xff\xff\xff\xff".to_vec(), 40).is_err());
}
