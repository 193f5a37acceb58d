//! Texts about asking for seals on documents: opening a request, documents, places, batches.

use super::words;

words! {
    ask_title "申请用印" / "Ask for a seal";
    ask_lead "选择要用的印章。下一步填写事由，再添加文件、放好印章位置，最后提交审批。" / "Choose the seal. Then say why, add the documents, put the seal in its place and hand it in.";
    ask_none "您还没有可用的印章授权。请联系印章保管人授权；保管人在印章卡的“用印授权”中办理。" / "You hold no right to use a seal. Ask its custodian, who gives one on the card of the seal.";
    ask_no_role "您的账号没有“用印人”岗位，不能提出用印申请。请联系安全管理员。" / "Your account lacks the role of a user of seals. Ask the security administrator.";
    ask_with_this "用这枚印章" / "Use this seal";
    ask_right "用印授权" / "By which right";
    ask_right_help "保管人给您的授权；次数用完或者到期后不能再用。" / "Given to you by the custodian; it ends by time and number.";
    ask_until "至" / "until";
    ask_left "还可用印份数：" / "documents left:";
    ask_unlimited "份数不限" / "any number";
    ask_kind "文件种类" / "Kind of document";
    ask_kind_help "按本单位的分类填写，例如：合同。" / "In your unit's own words, such as: contract.";
    ask_kind_not_covered "所选授权不包括这种文件" / "the right that was chosen does not cover this kind";
    ask_reason "用印事由" / "Why";
    ask_reason_help "审批人据此判断，例如：与某公司签订年度采购合同。" / "What approvers judge by: the yearly contract with a supplier.";
    ask_recipient "文件送往" / "Where the documents go";
    ask_open "下一步：添加文件" / "Next: add documents";
    ask_steps "办理步骤" / "Steps";
    ask_step_documents "添加文件" / "Add documents";
    ask_step_places "放好印章" / "Put the seal in place";
    ask_step_submit "提交审批" / "Hand in";
    bring_title "添加文件" / "Add documents";
    bring_help "可以一次选择几百份，每份不超过 100 MB。中断后重新选择同样的文件即可接着上传，已有的不会重复。" / "Hundreds at once, 100 MB each. After a break choose the same files again: those that are here are not taken twice.";
    bring_drop "把文件拖到这里，或者点击选择" / "Drop documents here, or click to choose";
    bring_value "每份文件的金额（元）" / "Amount of each document in yuan";
    bring_value_wrong "金额应为不带符号的数字，最多两位小数" / "an amount is a number with two decimals at most";
    bring_send "上传" / "Upload";
    bring_result "上传结果" / "What came of the upload";
    bring_added "已添加" / "added";
    bring_there "已在申请中，没有重复添加" / "is here already, and was not added twice";
    bring_empty "文件是空的" / "the file is empty";
    bring_not_one "不是 OFD 或者 PDF 文件" / "is no OFD or PDF document";
    bring_broken "文件已损坏，打不开" / "is broken and cannot be opened";
    bring_left_out "超过大小或者份数的限制，没有接收" / "beyond the limits of size or number, and was not taken";
    bring_none "没有选择文件" / "no file was chosen";
    bring_busy "正在上传" / "Uploading";
    bring_done "上传完成" / "The upload is done";
    bring_failed "传输中断，请重新选择文件继续" / "The transfer broke off; choose the files again to go on";
    bring_login "登录已过期，请重新登录后再选择同样的文件继续" / "The session has ended: log in again and choose the same files to go on";
    bring_unnamed "（没有文件名）" / "(without a name)";
    remove "移除" / "Remove";
    place_it "放置印章" / "Place the seal";
    use_submit "提交审批" / "Hand in";
    use_submit_help "提交后文件和位置不能再改；审批人看到的就是现在这样。" / "Documents and places are fixed from then on: approvers see exactly this.";
    use_submit_empty "添加文件后即可提交。" / "Add a document, then it can be handed in.";
    use_withdraw "撤回申请" / "Take the request back";
    use_withdraw_help "撤回后不再用印；需要时重新申请。" / "Nothing more is sealed under it; ask again if needed.";
    use_delegate "委托他人审批" / "Let somebody else vote";
    use_delegate_to "受托人" / "Who votes in your place";
    use_delegate_none "本单位没有其他审批人可以委托。" / "There is nobody else to vote in your place.";
    use_retry "重新用印失败的文件" / "Try the failed documents again";
    use_another_seal "再盖另一枚印章" / "Put another seal on it";
    use_archive "下载全部已用印文件（ZIP）" / "All sealed documents (ZIP)";
    use_sealed_file "下载已用印文件" / "The sealed document";
    use_progress "用印进度" / "Progress";
    use_progress_of "已用印" / "sealed";
    use_failed_count "失败" / "failed";
    use_only_failed "只看失败的" / "Only those that failed";
    use_all_documents "全部文件" / "All documents";
    use_fault "原因代码：" / "Code:";
    use_reload "刷新" / "Reload";
    place_title "放置印章" / "Place the seal";
    place_lead "在页面上拖动印章，或者在下面填写位置。页面显示的就是用印后的样子，按真实大小。" / "Drag the seal on the pages, or fill in the places below. What you see is what will be sealed, at true size.";
    place_keys "选中印章后：方向键移动 1 毫米，Shift 加方向键 10 毫米，Ctrl 加方向键 0.1 毫米，Delete 移除。拖动时自动对齐版心、页边、中线和其他印章，按住 Alt 不对齐。" / "With a seal selected: arrow keys move it by 1 mm, with Shift by 10 mm, with Ctrl by 0.1 mm; Delete removes it. Dragging snaps to margins, edges, center lines and other seals; hold Alt not to.";
    place_pages "页面" / "Pages";
    place_page "第 # 页" / "Page #";
    place_here "在本页盖章" / "Seal this page";
    place_cross "加盖骑缝章" / "Seal across the edges";
    place_list "印章位置" / "Places";
    place_list_help "毫米，从页面左上角量到印章中心。骑缝章按所选的边分到各页：左、右边只填距上边，上、下边只填距左边。" / "Millimeters from the upper left corner of the page to the middle of the seal. Across the edges each page gets its strip: along the left or right edge only the distance from the top counts, along the upper or lower one that from the left.";
    place_edge "哪一边" / "Which edge";
    place_edge_right "右边" / "right";
    place_edge_left "左边" / "left";
    place_edge_top "上边" / "upper";
    place_edge_bottom "下边" / "lower";
    place_number "第 # 处" / "Place #";
    place_kind "盖法" / "How";
    place_kind_none "不盖" / "none";
    place_kind_at "盖在页面上" / "on pages";
    place_kind_word "盖在文字上" / "over words";
    place_word "文字" / "Words";
    place_which_hit "第几处（空为每一处）" / "Which place (empty: each)";
    place_wrong_word "请填写文字（至多 100 字）；第几处从 1 数起" / "Give the words, 100 characters at most; places are counted from 1";
    place_kind_cross "骑缝" / "across the edges";
    place_which "哪几页" / "Which pages";
    place_all "全部页" / "every page";
    place_last "末页" / "the last page";
    place_range "指定页" / "from … to …";
    place_first_page "从第几页" / "from page";
    place_last_page "到第几页" / "to page";
    place_x "距左边（毫米）" / "From the left (mm)";
    place_y "距上边（毫米）" / "From the top (mm)";
    place_save "保存位置" / "Save the places";
    place_save_all "保存，并用于本申请的全部文件" / "Save, for every document of this request";
    place_find "按文字找位置" / "Find a place by its words";
    place_find_help "例如：甲方（盖章）。找到后勾选要盖的地方，再保存。" / "Such as the words before a signature. Tick where the seal goes, then save.";
    place_find_none "没有找到这些文字。" / "These words were not found.";
    place_hits "找到的位置，勾选后保存即盖在文字上：" / "Found; tick where the seal goes over the words:";
    place_no_pages "这份文件不能在页面上预览，请填写位置。" / "The pages of this document cannot be shown; fill in the places.";
    place_more_pages "后面的页" / "Further pages";
    place_fewer_pages "前面的页" / "Pages before";
    place_zoom "缩放" / "Zoom";
    place_zoom_in "放大" / "Larger";
    place_zoom_out "缩小" / "Smaller";
    place_zoom_true "实际大小" / "True size";
    place_zoom_fit "适合宽度" / "Fit";
    place_wrong_number "应填写毫米数，例如 150 或者 150.5" / "millimeters, such as 150 or 150.5";
    place_wrong_page "没有这样的页" / "there is no such page";
    place_outside "超出页面" / "outside the page";
    place_wrong_cross "骑缝章至少需要两页" / "across the edges needs two pages at least";
    place_not_in_pdf "这枚印章的图形不能在 PDF 中呈现，用印会失败，请联系制作单位：" / "The picture of this seal cannot be shown in a PDF; sealing would fail. Ask the maker:";
    place_otherwise "印章图形在 PDF 中的呈现与印章数据略有不同：" / "A PDF shows the picture of this seal a little otherwise:";
    place_none "至少要有一处" / "there must be one place at least";
    place_too_many "最多 100 处" / "100 places at most";
    again_title "继续提交" / "Go on";
    again_lead "登录过期时您正在提交的内容还在（口令除外），确认后继续。" / "What you were sending when the session ended is still here, except passwords. Send it, or leave it.";
    again_send "继续提交" / "Send it";
    again_leave "放弃" / "Leave it";
    template_load "印章位置模板" / "Template of places";
    template_none "末页右下方" / "lower right of the last page";
    template_use "套用" / "Use it";
    template_stays "已保存的位置由模板代替，还没有保存的改动保留在后面。" / "Takes the place of what is saved; what you changed and did not save stays behind it.";
    template_manage "管理模板" / "My templates";
    template_forget "删除" / "Delete";
    template_name "存为模板，名称" / "Keep as a template, named";
    template_help "存下现在的位置，下次添加文件时直接套用；同名的会被替换。" / "Keeps these places for the next documents; one of the same name is replaced.";
    template_keep "存为模板" / "Keep";
    place_back "返回申请" / "Back to the request";
    place_seal_name "印章" / "Seal";
    place_moved "右 # 毫米，下 # 毫米" / "# mm right, # mm down";
}

impl super::Words {
    /// What has just been done about a request; nothing for a verb nobody knows.
    pub fn done_sealing(self, verb: &str) -> &'static str {
        match verb {
            "opened" => self.0.pick("申请已建立，请添加文件。", "The request is open; please add documents."),
            "brought" => {
                self.0.pick("文件已添加，请核对印章位置。", "Added. Please look at where the seal stands.")
            }
            "placed" => self.0.pick("印章位置已保存。", "The places are saved."),
            "template-kept" => self.0.pick("模板已保存。", "The template is kept."),
            "removed" => self.0.pick("文件已移除。", "The document was taken out."),
            "handed-in" => self.0.pick("已提交审批，结果会以通知告知。", "Handed in; you will be told."),
            "delegated" => self.0.pick("已委托他人审批。", "Somebody else votes in your place."),
            "retried" => self.0.pick("正在重新用印。", "The failed documents are being tried again."),
            other => self.done_custody(other),
        }
    }

    /// A text with numbers in the places of its `#`.
    pub fn with_numbers(text: &str, numbers: &[&str]) -> String {
        let mut out = String::new();
        let mut numbers = numbers.iter();
        for c in text.chars() {
            match c {
                '#' => out.push_str(numbers.next().copied().unwrap_or_default()),
                c => out.push(c),
            }
        }
        out
    }
}
