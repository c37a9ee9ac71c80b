"""What was not read, or only half, is not taken for words."""

import pytest

from papertray.engine.layout.accents import Spelling, spell_latvian, take_back_accents
from papertray.engine.layout.languages import LONG_S, name_half_known, put_back_long_s
from papertray.engine.layout.lines import Line, Word
from papertray.engine.layout.scripts import is_lost, is_read, keep_sure_words
from papertray.engine.layout.strays import drop_strays
from papertray.engine.layout.words import respell
from papertray.engine.rectangles import Rect

ENGLISH = Spelling("the harbour master kept a careful journal of every ship that came into the bay " * 12)


def spelled(text: str, *certain: tuple[str, float]) -> Spelling:
    sure = dict(certain)
    return Spelling(text, tuple(sure.get(letter, 1.0) for letter in text))


def test_accents_that_are_not_certain_are_taken_back_on_a_page_of_english() -> None:
    lines = [ENGLISH, spelled("the markérs of Société", ("é", 0.8)), spelled("in the Café", ("é", 1.0))]
    assert take_back_accents(lines)[1:] == ["the markers of Societe", "in the Café"]


def test_a_language_with_accents_keeps_even_the_uncertain_ones() -> None:
    french = spelled("le port était fermé à l'été, où la marée était élevée", ("é", 0.8))
    assert take_back_accents([french]) == [french.text]


def test_letters_that_are_no_plain_ones_with_an_accent_stay() -> None:
    assert take_back_accents([ENGLISH, spelled("ß ø й", ("ß", 0.5), ("ø", 0.5), ("й", 0.5))])[1] == "ß ø й"


def test_a_point_over_a_latvian_g_is_the_mark_that_it_has() -> None:
    assert spell_latvian(["Vecriġas namos", "kaķis un ġimene"]) == ["Vecriģas namos", "kaķis un ģimene"]
    maltese = ["il-ġurnal ta' Malta", "ħafna żebbuġ, kaķ"]
    assert spell_latvian(maltese) == maltese
    assert spell_latvian(["ġ alone"]) == ["ġ alone"]


def test_words_keep_their_places_when_they_are_spelled_again() -> None:
    line = Line(Rect(0, 0, 200, 30), "two markérs", words=(Word("two", 0, 45), Word("markérs", 60, 165)))
    found = respell(line, "two markers")
    assert (found.text, [word.text for word in found.words]) == ("two markers", ["two", "markers"])


def test_vietnamese_without_its_marks_is_named() -> None:
    text = (
        "ban can phai tao mot goi moi cho cac tap tin nay trong khi dung lenh va khong duoc goi lai theo cach"
    )
    assert name_half_known([text, text]) == "Vietnamese"
    assert name_half_known([ENGLISH.text]) == ""
    assert name_half_known(["la casa va con la voi tu"]) == ""


def test_german_in_fraktur_is_known_by_its_long_s() -> None:
    misread = "Daher ift es fo fchwer, fich felbft zu bedienen, fondern ein jeder, welcher das Seine liebt,"
    assert name_half_known([misread, "wird auch ohne Leitung eines andern zum Gebrauch kommen und bleiben."])
    assert (
        name_half_known(["He could not find the fein print, so the men of the bay did bes the work " * 3])
        == ""
    )


def test_print_with_the_long_s_is_known_in_other_languages_too() -> None:
    misread = (
        "It fhould be faid that thefe fhips were fmall, and moft of the captains had never feen the charts, "
    )
    assert name_half_known([misread, "which every houfe in the town kept for the winter."]) == LONG_S
    assert (
        name_half_known(
            ["The food left on the ships was soft, and the fed fans of the fame fair sold it " * 3]
        )
        == ""
    )


@pytest.mark.parametrize(
    ("width", "score", "read"), [(800, 0.75, False), (800, 0.85, True), (60, 0.78, True), (60, 0.7, False)]
)
def test_long_lines_have_to_be_surer_than_short_ones(width: float, score: float, read: bool) -> None:
    text = "The harbour master kept it, and the journal" if width > 100 else "No"
    assert is_read(Line(Rect(0, 0, width, 30), text, score)) is read


def test_the_certain_words_of_an_unsure_line_are_kept() -> None:
    words = (
        Word("SQUID", 0, 80, certain=(0.99,) * 5),
        Word("wlnlz", 100, 220, certain=(0.9, 0.3, 0.4, 0.3, 0.2)),
    )
    line = Line(Rect(0, 0, 220, 30), "SQUID wlnlz", 0.7, words=words)
    kept = keep_sure_words(line)
    assert kept is not None
    assert (kept.text, kept.rect) == ("SQUID", Rect(0, 0, 80, 30))
    assert keep_sure_words(Line(Rect(0, 0, 800, 30), "SQUID wlnlz", 0.7, words=words)) is None, "too sparse"


def test_a_bar_without_a_letter_is_no_lost_line() -> None:
    assert not is_lost(Line(Rect(0, 0, 300, 30), "", 0.0))
    assert is_lost(Line(Rect(0, 0, 300, 30), "", 0.0, letters=22.0)), "writing that is not known at all"


def test_single_han_signs_on_a_latin_page_are_drawings_and_titles_are_not() -> None:
    page = [
        Line(Rect(0, 0, 800, 30), "The harbour master kept a careful journal of every vessel in the bay.")
    ] * 3
    logo, title = Line(Rect(0, 40, 30, 70), "厅", 0.96), Line(Rect(0, 80, 300, 110), "港口管理员", 0.96)
    assert drop_strays([*page, logo, title]) == [*page, title]
    assert drop_strays([logo, title]) == [logo, title]


def test_small_words_of_old_print_have_their_s_again_and_others_keep_their_f() -> None:
    misread = "Fie müffen fich felbft of themfelves, firft eft; fein oft Kraft fall"
    assert put_back_long_s(misread) == "Sie müssen sich selbst of themselves, first est; fein oft Kraft fall"


@pytest.mark.parametrize(
    ("name", "text"),
    [
        (
            "Czech",
            "Smlouvu, kterou podepsali oba zástupci, je možné vypovědět pouze písemně. Podle této "
            "dohody také platí, že nájemce může byt užívat až do konce roku, když zaplatí účet včas.",
        ),
        (
            "Slovak",
            "Zmluva, ktorú podpísali obe strany, platí od dnes. Podľa tejto dohody môže nájomca byt "
            "užívať iba do konca roka, keď nezaplatí účet alebo bol už predtým upozornený, aj písomne.",
        ),
        (
            "Lithuanian",
            "Ši sutartis įsigalioja nuo jos pasirašymo dienos ir galioja iki metų pabaigos. Žmogus, "
            "kuris yra sulaukęs metų, turi teisę į mokslą, kad ir kur jis gyvena, kaip ir darbą pagal "
            "įstatymą.",
        ),
        (
            "",
            "Ugovor je potpisan jučer, a stranke su se složile da će najam trajati do kraja godine. Ako"
            " stanar ne plati račun, može izgubiti pravo na stan koji je iznajmio, kako je bilo "
            "dogovoreno.",
        ),
        (
            "Turkish",
            "Bu sözleşme her iki tarafça imzalandiği günden yil sonuna kadar geçerlidir. Kiraci, daha önce"
            " yazili olarak uyarilmiş ise ve kirayi ödemezse, evde kalma hakkini kaybeder. Veya ancak"
            " bir ay sonra çikar.",
        ),
        (
            "Romanian",
            "Contractul pe care l-au semnat ambele părți este valabil de astăzi, dar numai până la sfârșitul"
            " anului. Dacă nu plătește după ce a fost prevenit, chiriașul trebuie să plece fără acest"
            " drept.",
        ),
        (
            "Latvian",
            "Līgums, ko ir parakstījušas abas puses, ir spēkā no šodienas vai arī tikai līdz gada beigām."
            " Ja īrnieks nav maksājis, lai gan viņš tika brīdināts, pēc tam līgums starp abiem beidzas.",
        ),
        (
            "",
            "Umowa, którą podpisały obie strony, jest ważna od dzisiaj. Najemca może używać lokalu "
            "tylko do końca roku, jeśli nie zapłaci rachunku, a także gdy byli już wcześniej ostrzeżeni"
            " na piśmie.",
        ),
        (
            "",
            "Avtalet som båda parter har undertecknat gäller från i dag och till årets slut. Den som "
            "hyr måste betala i tid, annars kan han eller hon förlora rätten till den bostad som har "
            "hyrts ut.",
        ),
    ],
)
def test_languages_of_which_few_letters_are_unknown_are_told_from_their_neighbours(
    name: str, text: str
) -> None:
    assert name_half_known([text]) == name


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("Czech", "Přidělený příkaz vyžaduje umístění souboru, v němž tři zařízení skončí dříve, než měl."),
        (
            "Lithuanian",
            "Nepavyko atidėti failų skaitymo, nes nėra tokių katalogų, o vėliau gautų klaidų eilė.",
        ),
        (
            "Turkish",
            "Dosyanin bağlantisi kurulamadi, aygitin değeri yanliş ve çağri sağlanmadi, doğru ağ iğne.",
        ),
        ("Romanian", "Ieșirea și intrările sunt închise; opțiunile afișează secțiuni și conținut șters."),
        ("Latvian", "Šķirkļa ņemšana no faila ļauj mainīt ģimenes nosaukumu un ķēdi, saņemto ziņu dēļ."),
        (
            "",
            "The towns of Děčín, Mělník and Třebíč were on his way, and so was Řevnice, where he was.",
        ),
    ],
)
def test_letters_that_no_other_language_has_tell_it_where_its_small_words_are_rare(
    name: str, text: str
) -> None:
    more = "" if name else "It was a long way, and none of those who went with him had ever gone it before."
    assert name_half_known([text, text, text, more]) == name
