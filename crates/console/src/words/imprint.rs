//! Texts about imprints while they are chosen, and documents handed in.

use super::words;

words! {
    imprint_source "印模来源" / "Picture of the imprint";
    imprint_source_help "可以由系统按规则绘制，也可以使用已上传的图像。" / "Drawn by the rules, or a picture that was handed in.";
    imprint_drawn "按规则绘制" / "Drawn by the rules";
    filed_imprint "备案印模的图像" / "Picture of the imprint on record";
    filed_imprint_help "选定后，将与申请的印模逐点比对。" / "It is compared with the imprint that is asked for, point by point.";
    physical_optional "已刻制实物印章的填写；没有的留空。" / "Where there is a physical seal already; otherwise leave it empty.";
    none_named "不指定" / "None";
    id_number_kept "沿用原号码的，不必改动；换人的须填写完整号码。" / "Leave it as it is to keep the number; another person's number is told in full.";
    material_picture "印模图像（不由系统绘制时）" / "Picture of the seal, where it is not to be drawn";
    material_filed "备案印模的扫描图像" / "Scan of the imprint on record";
    material_pages "查看材料" / "A document handed in";
    material_save "保存到本机" / "Save it";
    material_no_pages "这个文件不能逐页显示，请保存后用本机软件打开。" / "Its pages cannot be shown here: save it and open it with a program of your own.";
    trial_title "印模" / "The imprint";
    trial_alt "按所填内容绘制的印模" / "The imprint as it would be drawn";
    trial_again "按所填内容重新绘制" / "Draw it from what is typed";
    trial_help "按所填名称和规格绘制，只供查看；以批准后制作的为准。" / "Drawn from the name and size that are typed; what is made after the approval counts.";
    trial_empty "填写印章名称后，这里会显示印模。" / "It appears here once the seal has a name.";
    trial_fine "符合该类印章的规则。" / "Every rule of its kind is kept.";
    trial_open "需要留意的项：" / "To be looked at:";
    trial_checks "规则检查" / "Rules";
    slider_title "与备案印模对照" / "Beside the imprint on record";
    slider_label "左为备案印模，右为申请的印模；拖动查看" / "Left the imprint on record, right the one asked for: move it";
    slider_filed "备案印模" / "The imprint on record";
}
