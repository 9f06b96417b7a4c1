"""The time inside a Message-ID, of every known maker."""

from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from posterity.relate.stamps import FIRST_MAIL, LAST_STAMP, MAX_ZONE, Stamp, stamp

BASE32 = "0123456789abcdefghijklmnopqrstuv"
BASE62 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
MAC = 2082844800  # seconds from 1904 to 1970
INN = 673416000  # lib/genid.c


def at(text: str) -> int:
    return int(datetime.fromisoformat(text).replace(tzinfo=UTC).timestamp())


def spelled(number: int, alphabet: str) -> str:
    digits = ""
    while number:
        number, digit = divmod(number, len(alphabet))
        digits = alphabet[digit] + digits
    return digits


THEN = at("1996-12-17T04:05:06")
LATER = at("2009-08-06T19:54:37")
FILETIME = (THEN + 11644473600) * 10_000_000


@pytest.mark.parametrize(
    ("message_id", "kind"),
    [
        ("961217040506_12345.678_ABC12-1@lab.org", "CompuServe"),
        ("19961217040506.12345.qmail@lab.org", "qmail"),
        ("19961217040506123.AAA262@lab.org", "Post.Office"),
        ("96Dec16.200506pst.13922-2@lab.org", "ZMailer"),
        ("96Dec17.050506gmt+0100.5376@lab.org", "ZMailer"),
        ('"a.b.c.:12345:961217040506"@lab.org', "PP"),
        ("c=US%a=_%p=x%l=HOST-81-MSG-961217040506Z-337@lab.org", "Exchange"),
        ("UPMAIL03.199612170405060668@lab.org", "MSN"),
        ("23961217040506/0001112223AB1CD@lab.org", "MCI Mail"),
        ("19961217040506.1234.56789@lab.org", "Python"),
        ("19961217040506.GA1234@lab.org", "Mutt"),
        ("19961217040506.1A2B3C4D5E@lab.org", "Postfix"),
        ("19961217040506.12345-1-joe@lab.org", "git"),
        ("19961217040506.2.JOE@lab.org", "Lisp machine"),
        (f"{THEN:X}.41C6@lab.org", "Netscape"),
        (f"12345.{THEN:X}@lab.org", "FIDOGATE"),
        (f"{THEN:x}.13106184@lab.org", "Agent"),
        (f"s{THEN:x}.012@lab.org", "GroupWise"),
        (f"m0{spelled(THEN, BASE62)[-5:]}-0009abC@lab.org", "smail"),
        (f"E0{spelled(THEN, BASE62)[-5:]}-0007ab-00@lab.org", "Exim"),
        (f"{spelled(THEN - INN, BASE32)}$abc@lab.org", "INN"),
        (f"123.{THEN}@lab.org", "MH"),
        (f"{THEN}.28748.0@lab.org", "Demon"),
        (f"ML-2.0.{THEN}.7349.joe@lab.org", "Z-Mail"),
        (f"CMM-RU.1.3.{THEN}.joe@lab.org", "CMM"),
        (f"{THEN}-sup-1234@lab.org", "sup"),
        (f"{THEN}-12345-1-git-send-email-joe@lab.org", "sup"),
        (f"{THEN}.1234.5.camel@lab.org", "Evolution"),
        (f"mailman.12.{THEN}.1234.talk@lab.org", "Mailman"),
        (
            f"000a{FILETIME >> 32:08x}${FILETIME & 0xFFFFFFFF:08x}$0100007f@lab.org",
            "Outlook",
        ),
        (f"{THEN >> 16}.{THEN & 0xFFFF}.678901.234567@lab.org", "Emacs"),
    ],
)
def test_a_makers_time_is_read_to_the_second(message_id: str, kind: str) -> None:
    """Each maker's id names the UTC second it was made in, whatever base it counts in."""
    assert stamp(f"<{message_id}>") == Stamp(THEN, kind, 1)


@pytest.mark.parametrize(
    ("message_id", "kind"),
    [
        (f"{spelled(LATER, BASE62)}-0007ab-4t@lab.org", "Exim"),
        (f"{LATER:X}.1020403@lab.org", "Netscape"),
        (f"1234.12.{LATER}901.JavaMail.joe@lab.org", "JavaMail"),
        (f"{LATER}89.1234.56789012345678901@lab.org", "Python"),
    ],
)
def test_later_makers_are_read_too(message_id: str, kind: str) -> None:
    """Mail of this century has witnesses as well."""
    assert stamp(message_id) == Stamp(LATER, kind, 1)


@pytest.mark.parametrize(
    ("message_id", "kind"),
    [
        ("9612170405.AA12345@lab.org", "sendmail 5"),
        ("199612170405.AA12345@lab.org", "sendmail 8"),
        ("199612170405.EAA04271@lab.org", "sendmail 8"),
        ("QQabcd01234.199612170405@relay.lab.org", "sendmail 8"),
        ("EAA04271.199612170405@lab.org", "sendmail 8"),
        ("12345.9612170405@lab.org", "PP"),
    ],
)
def test_a_time_to_the_minute_says_so(message_id: str, kind: str) -> None:
    """What the last digit leaves open is the stamp's error."""
    assert stamp(message_id) == Stamp(at("1996-12-17T04:05"), kind, 60)


@pytest.mark.parametrize(
    ("message_id", "kind"),
    [
        ("Pine.SUN.3.91.961217040506.1234A-100000@lab.org", "Pine local"),
        ("Pine.SUN.3.90a.961217040506.28153B@lab.org", "Pine local"),
        ("2.2.32.19961217040506.00683458@lab.org", "Eudora local"),
        ("3.0b16.32.19961217040506.0069ab08@lab.org", "Eudora local"),
        (f"v02130501{THEN + MAC:x}1234@[192.0.2.1]", "Eudora local"),
        (f"{THEN + MAC:x}000210041234@[192.0.2.1]", "Eudora local"),
        ("961217040506_123430063@lab.org", "AOL local"),
        ("1996Dec17.040506.1151.341060@lab.org", "C News local"),
        (f"n{2**32 - THEN - MAC}.32914@lab.org", "QuickMail local"),
        ("Chameleon.4.00.961217040506.joe@lab.org", "Chameleon local"),
        ("MAILQUEUE-101.961217040506.352@lab", "Pegasus local"),
        ("XFMail.961217040506.joe@lab.org", "XFMail local"),
        ("19961217.040506.8023.0.joe@lab.org", "Juno local"),
        ("961217.040506.2c9.rusnews.w165w@lab.org", "Rusnews local"),
        ("961217040506.20221886@lab.org", "MultiNet local"),
        ("1234567890.19961217040506@lab.org", "The Bat! local"),
        ("19961217040506.1a2b3c4d.joe@lab.org", "Sylpheed local"),
        (f"{THEN}snx@lab.org", "snews local"),
        (f"9612174444.AA{THEN}@lab.org", "cc:Mail local"),
        ("c=US%a=_%p=x%l=HOST-09-MSG961217040506SA006801@lab.org", "Exchange local"),
        ("x-19961217040506-y@lab.org", "day and time local"),
    ],
)
def test_a_time_in_an_unnamed_zone_says_so(message_id: str, kind: str) -> None:
    """A stamp in the sender's zone is not taken for a witness of the second."""
    assert stamp(message_id) == Stamp(THEN, kind, MAX_ZONE)


@pytest.mark.parametrize(
    ("message_id", "kind"),
    [
        ("Pine.3.05.9612170405.A25358-9100000@lab.org", "Pine local"),
        ("9612170405.aa22143@lab.org", "MMDF local"),
        ("9612170405.ZM695@lab.org", "Z-Mail local"),
        ("9612170405.memo.22609@lab.org", "BIX local"),
        ("199612170405.56789.joe@lab.org", "KMail local"),
        ("9612170405.A02767@lab.org", "sendmail local"),
    ],
)
def test_a_local_minute_says_so(message_id: str, kind: str) -> None:
    """Makers that write the sender's minutes are known for it."""
    found = stamp(message_id)
    assert (found, found and found.is_local) == (
        Stamp(at("1996-12-17T04:05"), kind, MAX_ZONE),
        True,
    )


@pytest.mark.parametrize(
    "message_id",
    [
        "", "<>", "<joe@lab.org>", "<1439@lab.org>", "<9313320516.AA12345@lab.org>",
        "<3.0.32.19691231160000.006923d8@lab.org>", "<19961332040506.12345.qmail@lab.org>",
        "<d41d8cd98f00b204e9800998ecf8427e@lab.org>", "<93Foo11.221119pdt.1@lab.org>",
        "<93Jun11.221119xyz.1@lab.org>", "<94Jun31.221119pdt.1@lab.org>",
    ],
)  # fmt: skip
def test_an_id_without_a_time_has_none(message_id: str) -> None:
    """No time is made up: not for a dead clock, nor for the thirteenth month."""
    assert stamp(message_id) is None


def test_years_of_two_digits_turn_at_seventy() -> None:
    """Mail of 1979 and of 2020 stays in its century, also where digits are ambiguous."""
    found = [
        stamp(f"<{digits}.AA12345@lab.org>")
        for digits in ("7906010101", "2006010101", "202006010101", "201112010101")
    ]
    years = [s and datetime.fromtimestamp(s.utc, UTC).year for s in found]
    assert years == [1979, 2020, 2020, 2011]


@given(st.text(alphabet='0123456789ABab.@$-_<>PineMQ:=%/" ', max_size=70))
@settings(max_examples=200, deadline=None)
def test_any_text_has_a_plausible_time_or_none(text: str) -> None:
    """No id stops the reading or names a time before mail."""
    found = stamp(text)
    assert found is None or FIRST_MAIL <= found.utc < LAST_STAMP


def test_a_hostile_id_takes_no_time() -> None:
    """A hundred thousand characters made to confuse the shapes are read at once."""
    texts = ("1" * 100_000, "c=" + "1Z" * 50_000, "Pine." * 20_000, '"' + ":1" * 50_000)
    assert [stamp(text) for text in texts] == [None] * 4
