"""Builds NotoSerifSC-Bold-GB2312.ttf from NotoSerifSC_700Bold.ttf; see README.md beside this file.

usage: python3 subset.py NotoSerifSC_700Bold.ttf NotoSerifSC-Bold-GB2312.ttf
needs: fonttools, skia-pathops
"""
import sys
from fontTools import subset
from fontTools.ttLib import TTFont
from fontTools.ttLib.removeOverlaps import removeOverlaps

# Frequent in given names and surnames, yet outside GB 2312.
NAMES = (
    "喆堃玥珺璟镕玟珮旻昉昇晞暐煊烜焜熠燊珅珉珣珩琤瑄瑗祎禛翀翯翾赟铖锜锴镒颢颙彧忞悕昀昕杄棪樾沄沨洧淏渟湉湜溍"
    "滢潆瀚灏烔焱煜燚禔裎谞迩陟霈韫頔飏鹍芃妘姈弢崟屾犇骉鱻垚叒晔琎瑭璠璘璨瓒畯皞旸洺瓅劼勍勖甪甯佺倓偲儇囍璿堉"
    "翊翃珽瑢琋琰珧珲琇玘玙玠瑨瑾璎璁祾祐祚祜禤旿昄昪晙晳暄曌洣洤浟浛淯湲溇溦漈澔濛濬炅炘炟烺焌煃煐熜燏爔"
    "钇钜铧铤铨铱锃锠镠镡镪镱镳阆韪韡顗頵馡骎骙骢骦骧鸢鸰䶮嵒嵚嵩巘帡庑廙弘徽恺悫惢愫慜懋戬挦斓昰朸杺枟栴桄梽梣楙榑槃"
)
PUNCTUATION = "·•—–―‘’“”…、。〇〈〉《》「」『』【】〔〕・！（），．：；？　￥※№"


def characters():
    chars = set(range(0x20, 0x7F)) | {ord(c) for c in PUNCTUATION + NAMES}
    for high in range(0xA1, 0xF8):
        for low in range(0xA1, 0xFF):
            try:
                chars.add(ord(bytes([high, low]).decode("gb2312")))
            except UnicodeDecodeError:
                pass
    return chars


def main(source, target):
    options = subset.Options()
    options.layout_features = []
    options.hinting = False
    options.glyph_names = False
    options.notdef_outline = True
    options.name_IDs = [0, 1, 2, 3, 4, 5, 6, 13, 14]
    options.drop_tables += "GSUB GPOS GDEF BASE STAT vhea vmtx gasp prep post".split()
    font = TTFont(source, recalcTimestamp=False)
    subsetter = subset.Subsetter(options)
    subsetter.populate(unicodes=characters())
    subsetter.subset(font)
    # A cut seal turns glyphs into holes of one path: contours must not overlap.
    removeOverlaps(font)
    font.save(target)


main(*sys.argv[1:])
