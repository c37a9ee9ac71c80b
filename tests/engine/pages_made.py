"""Pages the tests draw themselves, together with the text that stands on them, in reading order."""

import io
import random
from dataclasses import dataclass

import pytest
from PIL import Image, ImageDraw, ImageFilter, ImageFont

SERIF = "/usr/share/fonts/truetype/dejavu/DejaVuSerif.ttf"
SANS = "/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf"
SANS_BOLD = "/usr/share/fonts/truetype/dejavu/DejaVuSans-Bold.ttf"
HAN = "/usr/share/fonts/truetype/wqy/wqy-zenhei.ttc"

A4 = (1654, 2339)
CROP = (1240, 1100)  # a page small enough to be read in a second

ENGLISH = (
    "The harbour master kept a careful journal of every vessel that entered the bay during the long winter.",
    "Most captains arrived before noon, because the wind turned in the afternoon and made the narrow passage"
    " dangerous for anyone who did not know the sandbanks.",
    "Cargo lists were copied twice: once for the town and once for the insurance office in the capital.",
    "When the lighthouse was repaired in 1887, the number of accidents fell by more than a third in a year.",
    "Several of these books survived a flood and are now kept in the reading room of the city archive.",
    "Visitors may look at them on Tuesdays and Fridays, provided that their hands are clean and dry.",
    "A printed index names 4,312 ships, although the spelling of foreign names is rarely consistent.",
    "Researchers have used the journal to study weather, trade routes and the price of salted herring.",
)

GERMAN = (
    "Der Hafenmeister führte über jedes einlaufende Schiff sorgfältig Buch, auch während der Wintermonate.",
    "Größere Schäden entstanden selten, weil die Kapitäne vor der gefährlichen Durchfahrt einen Lotsen"
    " an Bord nahmen.",
    "Die Ladelisten wurden zweimal abgeschrieben: einmal für die Stadt und einmal für die Versicherung.",
    "Übrigens sind die Bücher heute im Lesesaal des Archivs öffentlich zugänglich.",
)

CHINESE = (
    "港口管理员每天记录进入海湾的船只，整个冬天从不间断。",
    "大多数船长在中午之前到达，因为下午风向改变，狭窄的航道变得十分危险。",
    "货物清单要抄写两份，一份留给城市，另一份送到首都的保险公司。",
    "灯塔修好以后，事故的数量在两年之内减少了三分之一以上。",
)

LATVIAN = (
    "Visa ģimene ļoti mīl dabu un ņem līdzi reģistru, ko glabā ģērbtuvē, bet kaķis sēž pie loga un skatās,"
    " kā ģenerālis šķērso tiltu."
)

RUSSIAN = (
    "Смотритель гавани вёл подробный журнал всех судов, которые входили в бухту в течение долгой зимы.",
    "Большинство капитанов прибывали до полудня, потому что днём ветер менялся.",
    "Списки груза переписывали дважды: один раз для города и один раз для страховой конторы в столице.",
)

GREEK = (
    "Ο λιμενάρχης κρατούσε προσεκτικό ημερολόγιο για κάθε πλοίο που έμπαινε στον κόλπο τον χειμώνα.",
    "Οι περισσότεροι καπετάνιοι έφταναν πριν από το μεσημέρι, επειδή ο άνεμος άλλαζε το απόγευμα.",
    "Οι κατάλογοι φορτίου αντιγράφονταν δύο φορές, μία για την πόλη και μία για την ασφάλεια.",
)

ARABIC = (
    "كان مدير الميناء يحتفظ بسجل دقيق لكل سفينة تدخل الخليج خلال فصل الشتاء الطويل",
    "وصل معظم القباطنة قبل الظهر لأن الرياح تتغير بعد الظهر",
    "تم نسخ قوائم البضائع مرتين مرة للمدينة ومرة لشركة التأمين",
)

KOREAN = (
    "항만 관리인은 긴 겨울 동안 만으로 들어오는 모든 배를 꼼꼼하게 기록했다.",
    "대부분의 선장은 정오 이전에 도착했는데 오후에는 바람이 바뀌기 때문이다.",
    "화물 목록은 두 번 베껴 썼다. 한 번은 도시를 위해, 한 번은 보험 회사를 위해.",
)


@dataclass(frozen=True)
class Made:
    """A page and its paragraphs, in the order in which a person reads them."""

    image: Image.Image
    paragraphs: tuple[str, ...]

    @property
    def text(self) -> str:
        return " ".join(self.paragraphs)


def font(path: str, size: int) -> ImageFont.FreeTypeFont:
    try:
        return ImageFont.truetype(path, size)
    except OSError:
        pytest.skip(f"the font {path} is not installed here")


class Paper:
    """A sheet with a pen that moves down as paragraphs are set."""

    def __init__(self, size: tuple[int, int] = CROP, margin: int = 110) -> None:
        self.image = Image.new("RGB", size, "white")
        self.pen = ImageDraw.Draw(self.image)
        self.left, self.right, self.y = margin, size[0] - margin, margin

    def lines(
        self, text: str, face: ImageFont.FreeTypeFont, width: int, hyphenate: bool = False
    ) -> list[str]:
        spaced = " " in text
        lines, line = [], ""
        for word in text.split() if spaced else text:
            longer = f"{line} {word}".strip() if spaced else line + word
            if line and self.pen.textlength(longer, font=face) > width:
                head = self._head(line, word, face, width) if hyphenate and spaced else ""
                lines.append(f"{line} {head}-" if head else line)
                line = word[len(head) :]
            else:
                line = longer
        return [*lines, line]

    def _head(self, line: str, word: str, face: ImageFont.FreeTypeFont, width: int) -> str:
        fits = [
            n
            for n in range(3, len(word) - 3)
            if self.pen.textlength(f"{line} {word[:n]}-", font=face) <= width
        ]
        return word[: fits[-1]] if fits and word.isalpha() else ""

    def set(
        self,
        text: str,
        *,
        path: str = SERIF,
        size: int = 30,
        left: int | None = None,
        right: int | None = None,
        after: float = 0.9,
        hanging: str = "",
        hyphenate: bool = False,
    ) -> None:
        face = font(path, size)
        left, right = left or self.left, right or self.right
        if hanging:
            self.pen.text((left, self.y), hanging, font=face, fill="black")
            left += int(self.pen.textlength(hanging + "  ", font=face))
        for line in self.lines(text, face, right - left, hyphenate):
            self.pen.text((left, self.y), line, font=face, fill="black")
            self.y += int(size * 1.4)
        self.y += int(size * after)


def one_column(
    paragraphs: tuple[str, ...] = ENGLISH, path: str = SERIF, size: tuple[int, int] = CROP
) -> Made:
    paper = Paper(size)
    set_here = []
    for text in paragraphs:
        if paper.y > size[1] - 220:
            break
        paper.set(text, path=path)
        set_here.append(text)
    return Made(paper.image, tuple(set_here))


def two_columns(
    paragraphs: tuple[str, ...] = ENGLISH,
    size: tuple[int, int] = CROP,
    title: str = "A journal of the harbour",
) -> Made:
    paper = Paper(size)
    paper.set(title, path=SANS_BOLD, size=52, left=size[0] // 2 - 340)
    top, middle = paper.y, size[0] // 2
    half = (len(paragraphs) + 1) // 2
    for text in paragraphs[:half]:
        paper.set(text, right=middle - 30, size=26, hyphenate=True)
    paper.y = top
    for text in paragraphs[half:]:
        paper.set(text, left=middle + 30, size=26, hyphenate=True)
    return Made(paper.image, (title, *paragraphs))


def skewed(page: Made, degrees: float = 1.5) -> Made:
    return Made(page.image.rotate(degrees, Image.Resampling.BICUBIC, fillcolor="white"), page.paragraphs)


def turned(page: Made, degrees: int) -> Made:
    return Made(page.image.rotate(degrees, expand=True), page.paragraphs)


def noisy(page: Made, seed: int = 7) -> Made:
    noise = Image.effect_noise(page.image.size, 40).convert("RGB")
    soft = page.image.filter(ImageFilter.GaussianBlur(0.8))
    return Made(speckled(Image.blend(soft, noise, 0.18), seed), page.paragraphs)


def jpeg(page: Made, quality: int = 40) -> Made:
    file = io.BytesIO()
    page.image.save(file, "JPEG", quality=quality)
    return Made(Image.open(file).convert("RGB"), page.paragraphs)


def speckled(image: Image.Image, seed: int = 7, count: int = 120) -> Image.Image:
    image, dice = image.copy(), random.Random(seed)
    pen = ImageDraw.Draw(image)
    for _ in range(count):
        x, y, r = dice.randrange(image.width), dice.randrange(image.height), dice.choice((0, 0, 1, 1, 2))
        pen.ellipse((x - r, y - r, x + r, y + r), fill=(60, 60, 60))
    return image


CELLS = (
    ("Article", "Ordered", "Price", "Remark"),
    ("Lamp oil", "12", "4.50", "paid in cash"),
    ("Rope, 20 m", "3", "", "sent back because it was too short"),
    ("Herring", "1,200", "0.08", ""),
    ("", "7", "19.99", "no name on the label"),
    ("Tar", "2", "6.00", "two barrels"),
)


def ruled_table(
    rows: tuple[tuple[str, ...], ...] = CELLS, widths: tuple[int, ...] = (240, 180, 160, 440)
) -> Made:
    """A table with lines around every cell; long cells are set in two lines."""
    paper = Paper()
    paper.set("The stores were counted on the last day of March.")
    face, x0, size = font(SANS, 28), paper.left, 28
    edges = [x0 + sum(widths[:n]) for n in range(len(widths) + 1)]
    ys = [paper.y]
    for row in rows:
        wrapped = [paper.lines(text, face, width - 30) for text, width in zip(row, widths, strict=True)]
        for x, lines in zip(edges, wrapped, strict=False):
            for n, line in enumerate(lines):
                paper.pen.text((x + 15, ys[-1] + 12 + n * 40), line, font=face, fill="black")
        ys.append(ys[-1] + 24 + 40 * max(map(len, wrapped)))
    for x in edges:
        paper.pen.line((x, ys[0], x, ys[-1]), fill="black", width=3)
    for y in ys:
        paper.pen.line((x0, y, edges[-1], y), fill="black", width=3)
    paper.y = ys[-1] + 2 * size
    paper.set("Everything else was found to be in order.")
    return Made(
        paper.image,
        ("The stores were counted on the last day of March.", "Everything else was found to be in order."),
    )


def aligned_table(rows: tuple[tuple[str, ...], ...] = CELLS[:2] + CELLS[3:4] + CELLS[5:]) -> Made:
    """A table without lines."""
    paper = Paper()
    paper.set("The stores were counted on the last day of March.")
    face = font(SANS, 28)
    for row in rows:
        for x, text in zip((110, 380, 600, 800), row, strict=True):
            paper.pen.text((x, paper.y), text, font=face, fill="black")
        paper.y += 44
    paper.y += 40
    paper.set("Everything else was found to be in order.")
    return Made(
        paper.image,
        ("The stores were counted on the last day of March.", "Everything else was found to be in order."),
    )


def bullets(texts: tuple[str, ...] = ENGLISH[:4], size: tuple[int, int] = CROP) -> Made:
    paper = Paper(size)
    paper.set("Rules of the reading room", path=SANS_BOLD, size=48)
    set_here = []
    for text in texts:
        if paper.y > size[1] - 220:
            break
        paper.set(text, hanging="•", after=0.3)
        set_here.append(text)
    return Made(paper.image, ("Rules of the reading room", *set_here))
