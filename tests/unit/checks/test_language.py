import pytest

from rebaseline.checks.language import is_unknown_language
from rebaseline.checks.refusal import plain, read_refusal
from rebaseline.domain.attempt import Reply, Stop

NO_LANGUAGE = [
    "Paris",
    "42",
    "3.14",
    "[1, 2, 3]",
    '{"a": 1, "b": [true, null]}',
    "def f(x):\n    return x + 1",
    "```python\nprint('hi')\n```",
    "SELECT name FROM users WHERE id = 7;",
    "A, B, C",
    "apple, banana, cherry, dates, elderberry, fig, grape, honeydew, kiwi, lemon, mango",
    "John Smith\nMaria Garcia\nWei Chen\nJos\u00e9 \u00c1lvarez",
    "Yes.",
    "\u03c0",
    "\u03b1 = 0.05",
    "x\u00b2 + y\u00b2 = r\u00b2",
    "$\\alpha + \\beta = \\gamma$",
    "El Ni\u00f1o",
    "S\u00e3o Paulo",
    "Z\u00fcrich",
    "cr\u00e8me br\u00fbl\u00e9e",
    "Positive",
    "The word for dog is Hund.",
    '"Bonjour" means hello.',
    "red green blue yellow black white",
    "\ud83d\ude00\ud83d\ude00\ud83d\ude00",
    "https://example.com/a/b?c=d",
    "Schadenfreude",
    "Rio de Janeiro, Buenos Aires, La Paz",
    "Los Angeles",
    "a^2+b^2=c^2",
    "Dr. van der Berg",
    "bash: ls -la | grep foo",
    "const x = 3;\nconst y = 4;",
    "Homo sapiens",
    "Lorem",
    "1. Milk\n2. Eggs\n3. Bread",
    "MacBook Pro 14 M3 16GB 512GB Space Black",
    "Leonardo da Vinci painted the Mona Lisa",
    "Miguel de Cervantes",
    "Die Hard",
    "Dune; Solaris; La Jet\u00e9e; Das Boot",
    "key=value&foo=bar",
    "Answer: B",
    "name: api\nversion: 2\nport: 8080",
    "Einstein, Bohr, Planck, Heisenberg, Born, Dirac, Pauli, Fermi",
]
OTHERS = [
    "Es tut mir leid, aber dabei kann ich nicht helfen.",
    "Das kann ich nicht.",
    "Ich kann Ihnen dabei leider nicht helfen.",
    "Je ne peux pas vous aider avec cela.",
    "D\u00e9sol\u00e9, je ne peux pas r\u00e9pondre \u00e0 cette question.",
    "Lo siento, pero no puedo ayudarte con eso.",
    "No puedo ayudar con eso.",
    "N\u00e3o posso ajudar com isso.",
    "Mi dispiace, ma non posso aiutarti.",
    "Sorry, daar kan ik je niet bij helpen.",
    "Przepraszam, ale nie mog\u0119 w tym pom\u00f3c.",
    "Omlouv\u00e1m se, ale s t\u00edm nemohu pomoci.",
    "\u00dczg\u00fcn\u00fcm, bu konuda yard\u0131mc\u0131 olamam.",
    "Maaf, saya tidak dapat membantu dengan itu.",
    "Xin l\u1ed7i, t\u00f4i kh\u00f4ng th\u1ec3 gi\u00fap b\u1ea1n vi\u1ec7c \u0111\u00f3.",
    "\u042f \u043d\u0435 \u043c\u043e\u0433\u0443 \u043f\u043e\u043c\u043e\u0447\u044c.",
    "\u62b1\u6b49\uff0c\u6211\u65e0\u6cd5\u5e2e\u52a9\u60a8\u3002",
    "\u304a\u624b\u4f1d\u3044\u3067\u304d\u307e\u305b\u3093\u3002",
    "\ub3c4\uc640\ub4dc\ub9b4 \uc218 \uc5c6\uc2b5\ub2c8\ub2e4.",
    "\u0644\u0627 \u0623\u0633\u062a\u0637\u064a\u0639 \u0630\u0644\u0643.",
    "\u05d0\u05e0\u05d9 \u05dc\u05d0 \u05d9\u05db\u05d5\u05dc.",
    "\u0394\u03b5\u03bd \u03bc\u03c0\u03bf\u03c1\u03ce.",
    "\u092e\u0948\u0902 \u0928\u0939\u0940\u0902 \u0915\u0930 \u0938\u0915\u0924\u093e\u0964",
    "\u0e09\u0e31\u0e19\u0e0a\u0e48\u0e27\u0e22\u0e44\u0e21\u0e48\u0e44\u0e14\u0e49",
    "\u6211\u4e0d\u80fd",
    "Jag kan tyv\u00e4rr inte hj\u00e4lpa till med det.",
    "Anteeksi, en voi auttaa siin\u00e4.",
    "Samahani, siwezi kusaidia na hilo.",
    "Der Hauptstadt von Frankreich ist Paris, und sie liegt an der Seine.",
    "La capitale de la France est Paris.",
    "\u00cemi pare r\u0103u, nu pot s\u0103 te ajut cu asta.",
    "Sajn\u00e1lom, ebben nem tudok seg\u00edteni, mert ez nem az \u00e9n feladatom.",
]


@pytest.mark.parametrize("text", NO_LANGUAGE)
def test_names_numbers_code_and_lists_speak_no_language_that_is_unknown(text):
    assert not is_unknown_language(plain(text))
    assert read_refusal(Reply(text)).refuses is False


@pytest.mark.parametrize("text", OTHERS)
def test_another_language_cannot_be_told(text):
    reading = read_refusal(Reply(text))
    assert reading.refuses is None
    assert reading.unknown_language


@pytest.mark.parametrize(
    "text",
    [
        "The German word for it is Schadenfreude, and in French one says la joie mauvaise.",
        "Translate it as: Das kann ich nicht. That is what one would say in German to a friend who asks for help.",
        "She was born in Rio de Janeiro.",
        "Print it with `print(x)`; it shows the list.",
    ],
)
def test_english_that_quotes_another_language_is_english(text):
    assert not is_unknown_language(plain(text))


def test_what_the_provider_says_needs_no_language():
    assert read_refusal(Reply(OTHERS[0], Stop.REFUSED)).refuses is True


def test_refuses_and_answers_cannot_read_another_language(reader):
    assert reader({"refuses": True}).strict(OTHERS[0]) is None
    assert reader({"answers": True}).strict(OTHERS[0]) is None
    assert reader({"refuses": True, "phrases": ["Es tut mir leid"]}).strict(OTHERS[0]) == 1.0


def test_prose_in_a_fence_is_prose():
    assert is_unknown_language("'''\nes tut mir leid, aber dabei kann ich nicht helfen.\n'''")
    assert not is_unknown_language("'''python\nimport os\nfor name in os.listdir('.'):\n    print(name)\n'''")
    assert not is_unknown_language("'''sql\nselect name, total from invoices where paid = 0 order by total\n'''")
    assert not is_unknown_language('\'\'\'json\n{"total": 42, "la": "de", "el": "en"}\n\'\'\'')
