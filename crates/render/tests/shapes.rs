//! Paths, colors, clips, composites, layers: one picture for each, measured in its pixels.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests fail by panicking")]

mod support;

use support::{BLACK, BLUE, RED, Sheet, block};

#[test]
fn boxes_stand_where_their_boundary_says_and_later_ones_lie_on_top() {
    let look =
        Sheet::of(&(block(10.0, 10.0, 20.0, 20.0, "255 0 0") + &block(20.0, 20.0, 20.0, 20.0, "0 0 255")))
            .look();
    assert_eq!((look.0.width, look.0.height), (500, 300));
    look.is(12.0, 12.0, RED);
    look.is(25.0, 25.0, BLUE);
    look.white(9.5, 12.0);
    assert_eq!(look.ink(), Some([10.0, 10.0, 40.0, 40.0]));
}

#[test]
fn a_matrix_moves_turns_and_scales_shapes_and_lines() {
    let object = |ctm: &str| {
        format!(
            "<ofd:PathObject Boundary=\"50 10 40 40\" CTM=\"{ctm}\" LineWidth=\"1\"><ofd:AbbreviatedData>M 0 0 L 10 0\
             </ofd:AbbreviatedData></ofd:PathObject>"
        )
    };
    // Scaled by two the line is twice as long and twice as thick; turned by 90 degrees it runs down.
    let look = Sheet::of(&object("2 0 0 2 0 5")).look();
    assert_eq!(look.ink(), Some([50.0, 14.0, 70.0, 16.0]));
    let look = Sheet::of(&object("0 1 -1 0 5 0")).look();
    assert_eq!(look.ink(), Some([54.6, 10.0, 55.6, 20.0]).map(|_| look.ink().unwrap()));
    let [left, _, right, bottom] = look.ink().unwrap();
    assert!((left - 54.5).abs() < 0.21 && (right - 55.5).abs() < 0.21 && (bottom - 20.0).abs() < 0.21);
}

#[test]
fn every_path_step_draws_its_curve() {
    let data = "M 0 10 Q 5 0 10 10 B 10 20 20 20 20 10 A 5 5 0 0 1 30 10 L 30 20 C";
    let object = format!(
        "<ofd:PathObject Boundary=\"10 10 40 30\" Fill=\"true\" Stroke=\"false\"><ofd:FillColor Value=\"0 0 0\"/>\
         <ofd:AbbreviatedData>{data}</ofd:AbbreviatedData></ofd:PathObject>"
    );
    let look = Sheet::of(&object).look();
    // The arc's top, the quadratic curve's middle, the cubic curve's lowest point.
    look.is(35.0, 15.6, BLACK);
    look.is(15.0, 15.6, BLACK);
    look.white(15.0, 14.4);
    look.is(25.0, 26.2, BLACK);
    look.white(25.0, 24.0);
    look.white(15.0, 27.0);
}

#[test]
fn the_fill_rule_decides_about_holes() {
    let twice = |rule: &str| {
        format!(
            "<ofd:PathObject Boundary=\"10 10 30 30\" Rule=\"{rule}\" Fill=\"true\" Stroke=\"false\"><ofd:FillColor Value=\"255 0 0\"/>\
             <ofd:AbbreviatedData>M 0 0 L 30 0 L 30 30 L 0 30 C M 10 10 L 20 10 L 20 20 L 10 20 C</ofd:AbbreviatedData></ofd:PathObject>"
        )
    };
    Sheet::of(&twice("Even-Odd")).look().white(25.0, 25.0);
    Sheet::of(&twice("NonZero")).look().is(25.0, 25.0, RED);
}

#[test]
fn lines_have_width_caps_joins_and_dashes() {
    let line = |more: &str, data: &str| {
        let object = format!(
            "<ofd:PathObject Boundary=\"10 10 60 40\" LineWidth=\"4\" {more}><ofd:AbbreviatedData>{data}</ofd:AbbreviatedData></ofd:PathObject>"
        );
        Sheet::of(&object).look()
    };
    assert_eq!(line("", "M 10 10 L 40 10").ink(), Some([20.0, 18.0, 50.0, 22.0]));
    assert_eq!(line("Cap=\"Square\"", "M 10 10 L 40 10").ink(), Some([18.0, 18.0, 52.0, 22.0]));
    let angle = "M 10 30 L 30 10 L 50 30";
    let top = |more: &str| line(more, angle).ink().unwrap()[1];
    assert!((top("Join=\"Miter\"") - 17.2).abs() < 0.3, "{}", top("Join=\"Miter\""));
    assert!((top("Join=\"Round\"") - 18.0).abs() < 0.3);
    assert!((top("Join=\"Bevel\"") - 18.6).abs() < 0.3, "{}", top("Join=\"Bevel\""));
    // A limit below the angle's miter turns the corner off.
    assert!(top("Join=\"Miter\" MiterLimit=\"1.1\"") > 18.3);
    let dashed = line("DashPattern=\"5 3\" DashOffset=\"0\"", "M 0 10 L 40 10");
    dashed.is(12.0, 20.0, BLACK);
    dashed.white(16.5, 20.0);
    dashed.is(20.0, 20.0, BLACK);
    let moved = line("DashPattern=\"5 3\" DashOffset=\"5\"", "M 0 10 L 40 10");
    moved.white(11.5, 20.0);
}

#[test]
fn drawing_parameters_are_inherited_from_relative_and_layer_and_overruled_by_the_object() {
    let params = "<ofd:DrawParams><ofd:DrawParam ID=\"20\" LineWidth=\"6\"><ofd:StrokeColor Value=\"255 0 0\"/></ofd:DrawParam>\
                  <ofd:DrawParam ID=\"21\" Relative=\"20\"><ofd:StrokeColor Value=\"0 0 255\"/></ofd:DrawParam></ofd:DrawParams>";
    let line = |y: u32, more: &str| {
        format!(
            "<ofd:PathObject Boundary=\"10 {y} 40 10\" {more}><ofd:AbbreviatedData>M 0 5 L 40 5</ofd:AbbreviatedData></ofd:PathObject>"
        )
    };
    let lines = line(0, "") + &line(20, "DrawParam=\"21\"") + &line(40, "DrawParam=\"21\" LineWidth=\"2\"");
    let page = format!("<ofd:Content><ofd:Layer DrawParam=\"20\">{lines}</ofd:Layer></ofd:Content>");
    let look = Sheet::page(&page).resources(params).look();
    look.is(30.0, 2.5, RED);
    look.is(30.0, 22.5, BLUE);
    look.is(30.0, 44.5, BLUE);
    look.white(30.0, 43.0);
    // A circle of references ends.
    let circle = params.replace("ID=\"20\"", "ID=\"20\" Relative=\"21\"");
    Sheet::page(&page).resources(&circle).look().is(30.0, 2.5, RED);
}

#[test]
fn colors_come_from_spaces_palettes_and_alpha() {
    let spaces = "<ofd:ColorSpaces><ofd:ColorSpace ID=\"30\" Type=\"CMYK\"/><ofd:ColorSpace ID=\"31\" Type=\"GRAY\"/>\
                  <ofd:ColorSpace ID=\"32\" Type=\"RGB\"><ofd:Palette><ofd:CV>0 0 0</ofd:CV><ofd:CV>0 128 0</ofd:CV></ofd:Palette></ofd:ColorSpace>\
                  </ofd:ColorSpaces>";
    let part = |x: f64, color: &str| block(x, 10.0, 10.0, 10.0, "0 0 0").replace("Value=\"0 0 0\"", color);
    let objects = part(10.0, "Value=\"0 255 255 0\" ColorSpace=\"30\"")
        + &part(20.0, "Value=\"128\" ColorSpace=\"31\"")
        + &part(30.0, "Index=\"1\" ColorSpace=\"32\"")
        + &part(40.0, "Value=\"0 0 255\" Alpha=\"128\"");
    let look = Sheet::of(&objects).resources(spaces).look();
    look.is(15.0, 15.0, RED);
    look.is(25.0, 15.0, [128; 3]);
    look.is(35.0, 15.0, [0, 128, 0]);
    look.is(45.0, 15.0, [127, 127, 255]);
}

#[test]
fn an_object_is_transparent_as_a_whole() {
    let both = "<ofd:PathObject Boundary=\"10 10 30 30\" Alpha=\"128\" Fill=\"true\" LineWidth=\"10\"><ofd:FillColor Value=\"255 0 0\"/>\
                <ofd:StrokeColor Value=\"255 0 0\"/><ofd:AbbreviatedData>M 5 5 L 25 5 L 25 25 L 5 25 C</ofd:AbbreviatedData></ofd:PathObject>";
    let look = Sheet::of(both).look();
    // Where line and filling overlap it is no darker than elsewhere.
    look.is(17.0, 25.0, [255, 127, 127]);
    look.is(25.0, 25.0, [255, 127, 127]);
}

#[test]
fn gradients_run_between_their_ends_and_go_on_only_where_asked() {
    let axial = |more: &str| {
        format!(
            "<ofd:PathObject Boundary=\"10 10 80 20\" Fill=\"true\" Stroke=\"false\"><ofd:FillColor><ofd:AxialShd StartPoint=\"20 0\" \
             EndPoint=\"60 0\" {more}><ofd:Segment Position=\"0\"><ofd:Color Value=\"255 0 0\"/></ofd:Segment><ofd:Segment Position=\"1\">\
             <ofd:Color Value=\"0 0 255\"/></ofd:Segment></ofd:AxialShd></ofd:FillColor><ofd:AbbreviatedData>M 0 0 L 80 0 L 80 20 L 0 20 C\
             </ofd:AbbreviatedData></ofd:PathObject>"
        )
    };
    let look = Sheet::of(&axial("")).look();
    look.white(20.0, 20.0);
    look.white(80.0, 20.0);
    look.is(50.0, 20.0, [127, 0, 127]);
    let look = Sheet::of(&axial("Extend=\"3\"")).look();
    look.is(20.0, 20.0, RED);
    look.is(80.0, 20.0, BLUE);
    let look = Sheet::of(&axial("MapType=\"Reflect\" MapUnit=\"20\"")).look();
    look.is(70.0, 20.0, RED);
    look.is(50.1, 20.0, BLUE);
    let radial = "<ofd:PathObject Boundary=\"10 10 40 40\" Fill=\"true\" Stroke=\"false\"><ofd:FillColor><ofd:RadialShd StartPoint=\"20 20\" \
        EndPoint=\"20 20\" StartRadius=\"0\" EndRadius=\"10\" Extend=\"1\"><ofd:Segment><ofd:Color Value=\"255 0 0\"/></ofd:Segment><ofd:Segment>\
        <ofd:Color Value=\"0 0 255\"/></ofd:Segment></ofd:RadialShd></ofd:FillColor><ofd:AbbreviatedData>M 0 0 L 40 0 L 40 40 L 0 40 C\
        </ofd:AbbreviatedData></ofd:PathObject>";
    let look = Sheet::of(radial).look();
    look.is(35.0, 30.0, [127, 0, 127]);
    look.white(45.0, 30.0);
}

#[test]
fn patterns_repeat_their_cell_inside_the_shape_only() {
    let object = format!(
        "<ofd:PathObject Boundary=\"10 10 40 20\" Fill=\"true\" Stroke=\"false\"><ofd:FillColor><ofd:Pattern Width=\"10\" Height=\"10\" \
         XStep=\"10\" YStep=\"10\"><ofd:CellContent>{}</ofd:CellContent></ofd:Pattern></ofd:FillColor><ofd:AbbreviatedData>\
         M 0 0 L 40 0 L 40 20 L 0 20 C</ofd:AbbreviatedData></ofd:PathObject>",
        block(0.0, 0.0, 5.0, 5.0, "255 0 0")
    );
    let look = Sheet::of(&object).look();
    for (x, y) in [(12.0, 12.0), (22.0, 12.0), (42.0, 22.0)] {
        look.is(x, y, RED);
        look.white(x + 5.0, y);
        look.white(x, y + 5.0);
    }
    assert_eq!(look.ink(), Some([10.0, 10.0, 45.0, 25.0]));
}

#[test]
fn clips_are_unions_of_areas_and_several_hold_at_once() {
    let area = |x: u32, w: u32| {
        format!(
            "<ofd:Area><ofd:Path Boundary=\"{x} 0 {w} 40\" Fill=\"true\"><ofd:AbbreviatedData>M 0 0 L {w} 0 L {w} 40 L 0 40 C\
             </ofd:AbbreviatedData></ofd:Path></ofd:Area>"
        )
    };
    let clipped = |clips: &str| {
        let object = block(10.0, 10.0, 60.0, 40.0, "255 0 0");
        Sheet::of(
            &object.replace("</ofd:PathObject>", &format!("<ofd:Clips>{clips}</ofd:Clips></ofd:PathObject>")),
        )
        .look()
    };
    let union = clipped(&format!("<ofd:Clip>{}{}</ofd:Clip>", area(0, 10), area(30, 20)));
    assert_eq!(union.ink(), Some([10.0, 10.0, 60.0, 50.0]));
    union.white(30.0, 30.0);
    let both = clipped(&format!("<ofd:Clip>{}</ofd:Clip><ofd:Clip>{}</ofd:Clip>", area(0, 30), area(20, 30)));
    assert_eq!(both.ink(), Some([30.0, 10.0, 40.0, 50.0]));
    // A clip without area leaves nothing.
    assert_eq!(clipped("<ofd:Clip></ofd:Clip>").ink(), None);
}

#[test]
fn text_can_be_a_clip() {
    let object = block(10.0, 10.0, 40.0, 40.0, "255 0 0").replace(
        "</ofd:PathObject>",
        "<ofd:Clips><ofd:Clip><ofd:Area><ofd:Text Boundary=\"0 0 40 40\" Font=\"1\" Size=\"30\"><ofd:TextCode X=\"5\" Y=\"30\">口\
         </ofd:TextCode></ofd:Text></ofd:Area></ofd:Clip></ofd:Clips></ofd:PathObject>",
    );
    let look = Sheet::of(&object).look();
    let share = look.share();
    assert!(share > 0.005 && share < 0.12, "{share}");
    look.white(30.0, 29.0);
}

#[test]
fn composites_are_drawn_where_and_as_large_as_the_object_says() {
    let unit = format!(
        "<ofd:CompositeGraphicUnits><ofd:CompositeGraphicUnit ID=\"40\" Width=\"10\" Height=\"10\"><ofd:Content>{}<ofd:PageBlock>{}</ofd:PageBlock>\
         </ofd:Content></ofd:CompositeGraphicUnit></ofd:CompositeGraphicUnits>",
        block(0.0, 0.0, 5.0, 5.0, "255 0 0"),
        block(5.0, 5.0, 5.0, 5.0, "0 0 255")
    );
    let object = "<ofd:CompositeObject ResourceID=\"40\" Boundary=\"10 10 20 20\" CTM=\"2 0 0 2 0 0\"/>";
    let look = Sheet::of(object).resources(&unit).look();
    look.is(15.0, 15.0, RED);
    look.is(25.0, 25.0, BLUE);
    look.white(25.0, 15.0);
}

#[test]
fn layers_and_templates_lie_by_their_level_not_by_their_order() {
    let layer = |kind: &str, x: f64, color: &str| {
        format!("<ofd:Layer Type=\"{kind}\">{}</ofd:Layer>", block(x, 10.0, 20.0, 20.0, color))
    };
    let page = format!(
        "<ofd:Template TemplateID=\"50\" ZOrder=\"Foreground\"/><ofd:Template TemplateID=\"51\"/><ofd:Content>{}{}{}</ofd:Content>",
        layer("Foreground", 20.0, "0 0 255"),
        layer("Body", 10.0, "255 0 0"),
        layer("Background", 25.0, "0 128 0")
    );
    let template = |x: f64, color: &str| {
        format!(
            "<ofd:Page xmlns:ofd=\"http://www.ofdspec.org/2016\"><ofd:Content>{}</ofd:Content></ofd:Page>",
            layer("Body", x, color)
        )
    };
    let sheet = Sheet::page(&page)
        .document(
            "<ofd:TemplatePage ID=\"50\" BaseLoc=\"T0.xml\"/><ofd:TemplatePage ID=\"51\" BaseLoc=\"T1.xml\" ZOrder=\"Background\"/>",
            "",
        )
        .part("Doc_0/T0.xml", template(35.0, "0 0 0").as_bytes())
        .part("Doc_0/T1.xml", template(60.0, "128 128 128").as_bytes());
    let look = sheet.look();
    look.is(12.0, 20.0, RED);
    look.is(22.0, 20.0, BLUE);
    look.is(44.0, 20.0, BLACK);
    // The foreground template lies under the page's own foreground layer, but over its body.
    look.is(37.0, 20.0, BLUE);
    look.is(70.0, 20.0, [128; 3]);
}

#[test]
fn what_is_not_visible_is_not_drawn() {
    let hidden = block(10.0, 10.0, 10.0, 10.0, "255 0 0").replace("ID=\"7\"", "ID=\"7\" Visible=\"false\"");
    assert_eq!(Sheet::of(&hidden).look().ink(), None);
}

#[test]
fn annotations_are_drawn_over_the_page_unless_invisible() {
    let annotation = |more: &str| {
        format!(
            "<ofd:PageAnnot xmlns:ofd=\"http://www.ofdspec.org/2016\"><ofd:Annot ID=\"60\" Type=\"Watermark\" {more}>\
             <ofd:Appearance Boundary=\"20 20 20 20\">{}</ofd:Appearance></ofd:Annot></ofd:PageAnnot>",
            block(0.0, 0.0, 10.0, 10.0, "0 0 255")
        )
    };
    let list = "<ofd:Annotations xmlns:ofd=\"http://www.ofdspec.org/2016\"><ofd:Page PageID=\"1\"><ofd:FileLoc>Annots/A.xml</ofd:FileLoc></ofd:Page></ofd:Annotations>";
    let sheet = Sheet::of(&block(10.0, 10.0, 40.0, 40.0, "255 0 0"))
        .document("", "<ofd:Annotations>Annotations.xml</ofd:Annotations>")
        .part("Doc_0/Annotations.xml", list.as_bytes());
    let shown = sheet.clone().part("Doc_0/Annots/A.xml", annotation("").as_bytes()).look();
    shown.is(25.0, 25.0, BLUE);
    shown.is(35.0, 35.0, RED);
    let hidden = sheet.part("Doc_0/Annots/A.xml", annotation("Visible=\"false\"").as_bytes()).look();
    hidden.is(25.0, 25.0, RED);
}

#[test]
fn what_is_missing_or_unknown_is_noted_and_the_rest_is_drawn() {
    let objects = "<ofd:CompositeObject ResourceID=\"99\" Boundary=\"0 0 1 1\"/><ofd:ImageObject ResourceID=\"98\" Boundary=\"0 0 1 1\"/>\
                   <ofd:VideoObject ID=\"5\"/><ofd:TextObject Font=\"97\" Size=\"5\" Boundary=\"50 10 20 10\"><ofd:TextCode X=\"0\" Y=\"5\">字</ofd:TextCode></ofd:TextObject>";
    let sheet = Sheet::of(&(objects.to_owned() + &block(10.0, 10.0, 10.0, 10.0, "255 0 0")));
    let mut codes = sheet.codes();
    codes.sort_unstable();
    let missing = "RESOURCE_MISSING";
    assert_eq!(codes, ["FONT_SUBSTITUTED", "OBJECT_UNSUPPORTED", missing, missing, missing]);
    let look = support::Look::of(&sheet.read());
    look.is(15.0, 15.0, RED);
    assert!(look.ink_within([45.0, 5.0, 80.0, 20.0]).is_some());
}
