"""Files to read, small and drawn here, with text that the quick reader reads."""

from pathlib import Path

from PIL import Image, ImageDraw, ImageFont
from reportlab.lib.pdfencrypt import StandardEncryption
from reportlab.pdfgen.canvas import Canvas

INVOICE = "Invoice 4711 is due today"
REMINDER = "Reminder: nothing was paid"


def drawn_page(says: str) -> Image.Image:
    page = Image.new("RGB", (800, 300), "white")
    ImageDraw.Draw(page).text((60, 100), says, fill="black", font=ImageFont.load_default(48))
    return page


def letter(folder: Path) -> Path:
    drawn_page(INVOICE).save(folder / "letter.png")
    return folder / "letter.png"


def correspondence(folder: Path) -> Path:
    """Two pages, the second of which says something else."""
    first, second = drawn_page(INVOICE), drawn_page(REMINDER)
    first.save(folder / "correspondence.pdf", save_all=True, append_images=[second])
    return folder / "correspondence.pdf"


def half_a_plan(folder: Path) -> Path:
    """A page that is read, and one that is too large to be drawn."""
    canvas = Canvas(str(folder / "plan.pdf"))
    for size in ((400, 150), (2_000_000, 2_000_000)):
        canvas.setPageSize(size)
        canvas.setFont("Helvetica", 24)
        canvas.drawString(30, 75, INVOICE)
        canvas.showPage()
    canvas.save()
    return folder / "plan.pdf"


def locked(folder: Path) -> Path:
    Canvas(str(folder / "secret.pdf"), encrypt=StandardEncryption("user", "owner")).save()
    return folder / "secret.pdf"
