//! Texts of the figures for supervision.

use super::{Words, words};

words! {
    tile_tickets "件整改逾期" / "corrections overdue";
    chart_filed "制成并备案的印章" / "Seals made and filed";
    chart_uses "用印" / "Uses";
    chart_strange "异常用印" / "Strange uses";
    chart_verified "公众核验" / "Verifications";
    figure_filed "制成备案" / "Filed";
    figure_sealed "已用印" / "Sealed";
    figure_refused "不同意" / "Refused";
    figure_failed "失败" / "Failed";
    figure_strange "异常" / "Strange";
    figure_valid "核验有效" / "Valid";
    figure_invalid "核验无效" / "Invalid";
    figure_indeterminate "无法判定" / "Indeterminate";
    figure_unsigned "没有印章" / "Unsigned";
    figures_table "查看数据表" / "As a table";
    figures_month "月份" / "Month";
    figures_months "个月" / "months";
    figures_range "统计期间" / "Range";
    figures_csv "导出（CSV）" / "Copy (CSV)";
    figures_none "统计期间内没有记录。" / "Nothing in these months.";
    figures_areas "按区划" / "By area";
    figures_areas_help "统计期间合计，条形按用印数量。点击区划查看其下各级。" / "Sums of all these months; bars by uses. Each leads to the areas within.";
    figures_area "区划" / "Area";
    figures_up "返回所辖最大范围" / "Back to the widest";
    figures_ending "下列证书 90 天内到期，请及时更换：" / "These certificates end within 90 days:";
    figures_tickets "监管单" / "Tickets";
    figures_entries "制作单位监管" / "Supervision of makers";
    figures_drills "应急演练与处置" / "Drills and emergency measures";
}

impl Words {
    /// Behind the question mark of the figures.
    pub fn figures_help(self) -> [&'static str; 2] {
        [
            self.0.pick(
                "数字按北京时间的自然月统计，随业务即时更新。每张图下面都有数据表，可以导出。",
                "Figures are by months of Beijing time and follow the work at once. Each chart has its table, and all can be taken away.",
            ),
            self.0.pick(
                "异常用印指在不寻常的时间、地点或者数量用印；上方各项点击可查看具体内容。逾期事项标红，应当优先督办。",
                "Strange uses are at unusual hours, places or volumes. Each figure above leads to what it counts; overdue is red and comes first.",
            ),
        ]
    }

    /// Heads of the columns, in the order of the figures.
    pub fn figure_heads(self) -> [&'static str; 9] {
        [
            self.figure_filed(),
            self.figure_sealed(),
            self.figure_refused(),
            self.figure_failed(),
            self.figure_strange(),
            self.figure_valid(),
            self.figure_invalid(),
            self.figure_indeterminate(),
            self.figure_unsigned(),
        ]
    }
}
