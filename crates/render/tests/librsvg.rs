//! The same drawing written twice by hand, as OFD and as SVG: librsvg draws the one as we draw the other.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests fail by panicking")]

mod support;

use support::{Sheet, difference, drawn_by_librsvg};

/// Mean difference between our picture of the objects and librsvg's of the SVG elements, on 100 × 60 mm.
fn apart(objects: &str, resources: &str, elements: &str) -> f64 {
    let look = Sheet::of(objects).resources(resources).look();
    let svg = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"100mm\" height=\"60mm\" viewBox=\"0 0 100 60\">{elements}</svg>"
    );
    let other = drawn_by_librsvg(&svg, look.0.width, look.0.height);
    let paper = vec![255; other.len()];
    // Both must show something, or they would agree about nothing.
    assert!(difference(&other, &paper) > 1.0 && difference(&look.0.rgb, &paper) > 1.0);
    difference(&look.0.rgb, &other)
}

fn path(boundary: &str, more: &str, colors: &str, data: &str) -> String {
    format!(
        "<ofd:PathObject Boundary=\"{boundary}\" {more}>{colors}<ofd:AbbreviatedData>{data}</ofd:AbbreviatedData></ofd:PathObject>"
    )
}

#[test]
fn curves_and_arcs_of_every_flag_are_the_same() {
    let mut objects = String::new();
    let mut elements = String::new();
    for (n, (large, sweep)) in [(0, 0), (0, 1), (1, 0), (1, 1)].into_iter().enumerate() {
        let x = 5 + 24 * n;
        let data = format!("M 4 14 A 9 5 30 {large} {sweep} 16 12 Q 20 20 10 22 B 0 30 8 36 14 30");
        objects += &path(
            &format!("{x} 5 40 50"),
            "LineWidth=\"1.5\"",
            "<ofd:StrokeColor Value=\"200 0 0\"/>",
            &data,
        );
        let data = data.replace('B', "C");
        elements += &format!(
            "<path transform=\"translate({x} 5)\" fill=\"none\" stroke=\"#c80000\" stroke-width=\"1.5\" stroke-miterlimit=\"3.528\" d=\"{data}\"/>"
        );
    }
    let found = apart(&objects, "", &elements);
    assert!(found < 0.5, "{found}");
}

#[test]
fn rules_dashes_joins_and_matrices_are_the_same() {
    let star = "M 20 2 L 32 38 L 1 15 L 39 15 L 8 38";
    let objects = path(
        "5 5 45 45",
        "Rule=\"Even-Odd\" Fill=\"true\" Stroke=\"false\"",
        "<ofd:FillColor Value=\"0 0 160\"/>",
        &format!("{star} C"),
    ) + &path(
        "50 5 45 50",
        "CTM=\"0.9 0.3 -0.2 0.8 6 0\" LineWidth=\"2\" Join=\"Round\" Cap=\"Round\" DashPattern=\"6 3 1 3\" DashOffset=\"2\"",
        "<ofd:StrokeColor Value=\"0 120 0\" Alpha=\"180\"/>",
        star,
    );
    let elements = format!(
        "<path transform=\"translate(5 5)\" fill=\"#0000a0\" fill-rule=\"evenodd\" d=\"{star}Z\"/>\
         <path transform=\"translate(50 5) matrix(0.9 0.3 -0.2 0.8 6 0)\" fill=\"none\" stroke=\"#007800\" stroke-opacity=\"0.706\" stroke-width=\"2\" \
         stroke-linejoin=\"round\" stroke-linecap=\"round\" stroke-dasharray=\"6 3 1 3\" stroke-dashoffset=\"2\" d=\"{star}\"/>"
    );
    let found = apart(&objects, "", &elements);
    assert!(found < 0.6, "{found}");
}

#[test]
fn gradients_and_clips_are_the_same() {
    let segments = "<ofd:Segment Position=\"0\"><ofd:Color Value=\"255 0 0\"/></ofd:Segment><ofd:Segment Position=\"0.3\"><ofd:Color Value=\"255 255 0\"/></ofd:Segment>\
                    <ofd:Segment Position=\"1\"><ofd:Color Value=\"0 0 255\"/></ofd:Segment>";
    let stops = "<stop offset=\"0\" stop-color=\"#f00\"/><stop offset=\"0.3\" stop-color=\"#ff0\"/><stop offset=\"1\" stop-color=\"#00f\"/>";
    let square = "M 0 0 L 40 0 L 40 50 L 0 50 C";
    let axial = format!(
        "<ofd:FillColor><ofd:AxialShd StartPoint=\"5 5\" EndPoint=\"30 40\" Extend=\"3\">{segments}</ofd:AxialShd></ofd:FillColor>"
    );
    let radial = format!(
        "<ofd:FillColor><ofd:RadialShd StartPoint=\"15 20\" EndPoint=\"20 25\" StartRadius=\"2\" EndRadius=\"18\" Extend=\"3\">{segments}</ofd:RadialShd></ofd:FillColor>\
         <ofd:Clips><ofd:Clip><ofd:Area><ofd:Path Boundary=\"0 0 40 50\" Fill=\"true\"><ofd:AbbreviatedData>M 20 0 L 40 25 L 20 50 L 0 25 C</ofd:AbbreviatedData></ofd:Path></ofd:Area></ofd:Clip></ofd:Clips>"
    );
    let fill = "Fill=\"true\" Stroke=\"false\"";
    let objects = path("5 5 40 50", fill, &axial, square) + &path("55 5 40 50", fill, &radial, square);
    let elements = format!(
        "<defs><linearGradient id=\"a\" gradientUnits=\"userSpaceOnUse\" x1=\"5\" y1=\"5\" x2=\"30\" y2=\"40\">{stops}</linearGradient>\
         <radialGradient id=\"b\" gradientUnits=\"userSpaceOnUse\" fx=\"15\" fy=\"20\" fr=\"2\" cx=\"20\" cy=\"25\" r=\"18\">{stops}</radialGradient>\
         <clipPath id=\"c\"><path d=\"M20 0 40 25 20 50 0 25Z\"/></clipPath></defs><rect transform=\"translate(5 5)\" width=\"40\" height=\"50\" fill=\"url(#a)\"/>\
         <g transform=\"translate(55 5)\"><rect width=\"40\" height=\"50\" fill=\"url(#b)\" clip-path=\"url(#c)\"/></g>"
    );
    let found = apart(&objects, "", &elements);
    assert!(found < 1.0, "{found}");
}

#[test]
fn our_own_svg_of_all_this_is_drawn_by_librsvg_as_we_draw_the_page() {
    let unit = format!(
        "<ofd:CompositeGraphicUnits><ofd:CompositeGraphicUnit ID=\"40\" Width=\"9\" Height=\"9\"><ofd:Content>{}</ofd:Content></ofd:CompositeGraphicUnit></ofd:CompositeGraphicUnits>",
        support::block(0.0, 0.0, 9.0, 9.0, "255 0 0")
    );
    let pattern = format!(
        "<ofd:FillColor><ofd:Pattern Width=\"4\" Height=\"4\"><ofd:CellContent>{}</ofd:CellContent></ofd:Pattern></ofd:FillColor>",
        support::block(0.0, 0.0, 2.0, 2.0, "0 0 255")
    );
    let objects = path("50 5 40 50", "Fill=\"true\" Alpha=\"150\"", &pattern, "M 0 0 L 40 0 L 20 50 C")
        + "<ofd:CompositeObject ResourceID=\"40\" Boundary=\"5 5 30 30\" CTM=\"3 0.5 -0.5 2 2 2\" Alpha=\"120\"/>\
           <ofd:TextObject Font=\"1\" Size=\"9\" Boundary=\"5 40 80 15\"><ofd:FillColor><ofd:AxialShd StartPoint=\"0 0\" EndPoint=\"40 0\" Extend=\"3\"><ofd:Segment>\
           <ofd:Color Value=\"255 0 0\"/></ofd:Segment><ofd:Segment><ofd:Color Value=\"0 0 255\"/></ofd:Segment></ofd:AxialShd></ofd:FillColor>\
           <ofd:TextCode X=\"0\" Y=\"9\" DeltaX=\"9\">渐变文字</ofd:TextCode></ofd:TextObject>";
    let page = Sheet::of(&objects).resources(&unit).read();
    assert_eq!(page.notes(), []);
    let picture = support::Look::of(&page).0;
    let other = drawn_by_librsvg(&page.to_svg(), picture.width, picture.height);
    let found = difference(&picture.rgb, &other);
    assert!(found < 1.0, "{found}");
}
