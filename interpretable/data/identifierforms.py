"""The forms of identifiers: a bounded pattern each, and where there is a checksum, its arithmetic.

The kinds follow the 18 of the HIPAA Safe Harbor method (45 CFR 164.514(b)(2)) as far as they have a form.
Some forms are `wide`: they also hit ordinary words and numbers. They are used where a text is masked before
it leaves the machine, and not where identifiers are counted to warn of them.
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Callable
from dataclasses import dataclass

_LETTERS = "\u00c0-\u024f\u0370-\u03ff\u0400-\u04ff"  # Latin with marks, Greek, Cyrillic
_MONTH = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?"
    r"|nov(?:ember)?|dec(?:ember)?)"
)
_DAY, _MONTH_NUMBER = r"(?:0?[1-9]|[12]\d|3[01])", r"(?:0?[1-9]|1[0-2])"
_YEAR = r"(?:1[89]|20)\d\d"
_DATE = "|".join((
    rf"{_YEAR}(?P<a>[-/.]){_MONTH_NUMBER}(?P=a){_DAY}(?!\d)",
    rf"{_YEAR} ?年 ?{_MONTH_NUMBER} ?月(?: ?{_DAY} ?[日号])?",
    rf"(?:{_DAY}(?P<b>[-/.]){_MONTH_NUMBER}|{_MONTH_NUMBER}(?P<c>[-/]){_DAY})(?:(?P=b)|(?P=c))(?:{_YEAR}|\d\d)(?!\d)",
    rf"{_DAY}(?:st|nd|rd|th)?[ -]{{1,3}}(?:of )?{_MONTH}\b(?:\.?,?[ -](?:{_YEAR}|'?\d\d)\b)?",
    rf"{_MONTH}\.? {_DAY}(?:st|nd|rd|th)?\b(?:,? {_YEAR}\b)?",
))  # fmt: skip
_LENGTHS = {  # countries by the length of their account numbers: SWIFT, IBAN registry
    15: "NO",
    16: "BE",
    18: "DK FI FO GL NL",
    19: "MK SI",
    20: "AT BA EE KZ LT LU XK",
    21: "CH HR LI LV",
    22: "BG BH CR DE GB GE IE ME RS VA",
    23: "AE GI IL IQ",
    24: "AD CZ ES MD PK RO SA SE SK TN VG",
    25: "PT",
    26: "IS TR",
    27: "FR GR IT MC MR SM",
    28: "AL AZ BY CY DO GT HU LB PL",
    29: "BR EG PS QA UA",
    30: "JO KW MU",
    31: "MT",
}
_BANK = {country: length for length, listed in _LENGTHS.items() for country in listed.split()}
_CARD = re.compile(
    r"4(?:\d{12}|\d{15}|\d{18})|5[1-5]\d{14}|2(?:22[1-9]|2[3-9]\d|[3-6]\d\d|7[01]\d|720)\d{12}|3[47]\d{13}"
    r"|3(?:0[0-5]|[689]\d)\d{11}|35(?:2[89]|[3-8]\d)\d{12}|6(?:011|5\d\d|4[4-9]\d)\d{12}|62\d{14,17}"
)
_CARD_LENGTHS = (19, 18, 17, 16, 15, 14, 13)


@dataclass(frozen=True)
class Form:
    """A kind of identifier: the group `value` of its pattern where there is one, else all of a match.

    `inside` tells which part of that is meant: (0, 0) where none is.
    """

    kind: str
    pattern: re.Pattern[str]
    inside: Callable[[str], tuple[int, int]] | None = None
    wide: bool = False


def _iban(match: str) -> tuple[int, int]:
    """ISO 13616: with the first four signs moved to the end and letters as 10 to 35, the rest by 97 is 1."""
    places = [at for at, sign in enumerate(match) if sign.isalnum()]
    code = "".join(match[at] for at in places).upper()
    length = _BANK.get(code[:2], 0)
    if not length or len(code) < length:
        return 0, 0
    end = places[length - 1] + 1
    whole = end == len(match) or not match[end].isalnum()
    number = int("".join(str(int(sign, 36)) for sign in code[4:length] + code[:4]))
    return (0, end) if whole and number % 97 == 1 else (0, 0)


def _card(match: str) -> tuple[int, int]:
    """The longest card number in a run of digits that starts and ends at a gap and passes ISO 7812 (Luhn)."""
    places = [at for at, sign in enumerate(match) if sign.isdigit()]
    digits = "".join(match[at] for at in places)
    opens = [k for k, at in enumerate(places) if k == 0 or at - places[k - 1] > 1]
    closes = {*opens, len(digits)}
    for start in opens:
        for length in _CARD_LENGTHS:
            part = digits[start : start + length]
            if start + length in closes and _CARD.fullmatch(part) and _luhn(part):
                return places[start], places[start + length - 1] + 1
    return 0, 0


def _luhn(digits: str) -> bool:
    doubled = [sum(divmod(2 * int(d), 10)) for d in digits[-2::-2]]
    return (sum(map(int, digits[-1::-2])) + sum(doubled)) % 10 == 0


def _resident(match: str) -> tuple[int, int]:
    """GB 11643: ISO 7064 MOD 11-2 over 17 digits."""
    total = sum(int(d) * 2 ** (17 - k) for k, d in enumerate(match[:17]))
    return (0, 18) if "10X98765432"[total % 11] == match[17].upper() else (0, 0)


def _vehicle(match: str) -> tuple[int, int]:
    """ISO 3779, as far as it has a form: letters and digits, and digits at the end."""
    mixed = not match.isdigit() and match[-4:].isdigit()
    return (0, len(match)) if mixed else (0, 0)


def _digits_in(match: str) -> tuple[int, int]:
    places = [at for at, sign in enumerate(match) if sign.isdigit()]
    return places[0], places[-1] + 1


def _address(match: str) -> tuple[int, int]:
    try:
        ipaddress.ip_address(match)
    except ValueError:
        return 0, 0
    return 0, len(match)


def _phone(match: str) -> tuple[int, int]:
    """A number to be called: international or with its area code, or a mobile number of mainland China."""
    digits = re.sub(r"\D", "", match)
    fewest = 8 if match.startswith("+") else 9
    called = match.startswith(("+", "(", "0")) and fewest <= len(digits) <= 15
    return (0, len(match)) if called or re.fullmatch(r"(?:86)?1[3-9]\d{9}", digits) else (0, 0)


def _after(words: str, value: str) -> re.Pattern[str]:
    """A value after one of some words."""
    return re.compile(rf"(?<![A-Za-z])(?:{words})[^\w\x1e\n]{{0,4}}{value}", re.IGNORECASE)


FORMS: tuple[Form, ...] = (  # what is found first is not looked at again
    Form(
        "url",
        re.compile(
            rf"(?<![A-Za-z0-9])(?:https?://|ftp://|www\.)[!-;=?-~{_LETTERS}]{{2,2000}}", re.IGNORECASE
        ),
    ),
    Form(
        "email",
        re.compile(
            rf"(?<![A-Za-z0-9._%+{_LETTERS}-])[A-Za-z0-9._%+{_LETTERS}-]{{1,64}} ?@ ?"
            rf"(?:[A-Za-z0-9{_LETTERS}-]{{1,63}}\.){{1,8}}[A-Za-z{_LETTERS}]{{2,24}}"
        ),
    ),
    Form("iban", re.compile(r"(?<![A-Za-z0-9])[A-Za-z]{2}\d\d(?:[ -]?[A-Za-z0-9]){11,40}"), _iban),
    Form(
        "cn_resident_id",
        re.compile(
            rf"(?<![A-Za-z0-9])[1-9]\d{{5}}{_YEAR}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\d{{3}}[\dXx](?![A-Za-z0-9])"
        ),
        _resident,
    ),
    Form("payment_card", re.compile(r"(?<!\d)\d(?:[ -]?\d){12,60}"), _card),
    Form(
        "us_ssn",
        re.compile(r"(?<![\d-])(?!000|666|9)\d{3}([- ])(?!00)\d\d\1(?!0000)\d{4}(?![\d-])"),
    ),
    Form(
        "birth_date",
        _after(
            r"dob|d\.o\.b\.?|date of birth|birth ?date|birthday|born(?: on| in)?|出生(?:日期|年月|于)?|生日",
            rf"(?:is |on |为|是|于)?(?P<value>{_DATE}|{_YEAR}(?!\d))",
        ),
    ),
    Form(
        "record_number",
        _after(
            r"mrn|(?:medical |health )?record (?:number|no|id)"
            r"|(?:patient|hospital|chart|case|account|policy|nhs|member|beneficiary|certificate|licen[cs]e|permit"
            r"|passport|plate|registration|device|serial) ?(?:number|no|id)|dea|npi|s/n"
            r"|病历号|住院号|门诊号|病案号|就诊号|登记号|医保号|身份证号?|护照号?",
            r"(?:is |为|是)?(?P<value>[A-Za-z]{0,4}[- ]?\d[\dA-Za-z-]{2,24})",
        ),
    ),
    Form(
        "device",
        re.compile(
            r"(?<![A-Za-z0-9:-])[0-9A-Fa-f]{2}(?P<sep>[:-])(?:[0-9A-Fa-f]{2}(?P=sep)){4}[0-9A-Fa-f]{2}(?![\w:-])"
        ),
    ),
    Form("vehicle", re.compile(r"(?<![A-Za-z0-9])[A-HJ-NPR-Z0-9]{17}(?![A-Za-z0-9])"), _vehicle),
    Form("date", re.compile(rf"(?<![A-Za-z0-9./-])(?:{_DATE})", re.IGNORECASE)),
    Form(
        "ip_address",
        re.compile(
            r"(?<![A-Za-z0-9.:])(?:\d{1,3}(?:\.\d{1,3}){3}(?![0-9.]*\d)|[0-9A-Fa-f:]{0,5}:[0-9A-Fa-f:.]{2,40})"
        ),
        _address,
    ),
    Form(  # North America
        "phone",
        re.compile(r"(?<![\d.])(?:\+?1[-. ])?\(?[2-9]\d\d\)?[-. ]{1,2}[2-9]\d\d[-. ]\d{4}(?!\d)"),
    ),
    Form("phone", re.compile(r"(?<![\d.])[+(]{0,2}\d(?:[-. /()]{0,2}\d){6,14}(?!\d)"), _phone),
    Form(
        "phone",
        _after(
            r"tel|telephone|phone|ph|mobile|mob|cell|fax|call|text|sms|电话|手机|手机号|联系方式|传真",
            r"(?:is |on |no\.? |number |号码|为|是)?(?P<value>\+?\d(?:[- ]?\d){5,14}(?!\d))",
        ),
    ),
    Form(
        "address",
        re.compile(
            r"(?<![A-Za-z0-9])\d{1,5}[A-Za-z]? (?:[A-Z][a-z]{1,20} ){1,3}"
            r"(?:Street|St|Road|Rd|Avenue|Ave|Lane|Ln|Drive|Dr|Court|Ct|Boulevard|Blvd|Way|Close|Place|Square)\b"
            r"|(?<![A-Za-z0-9])[A-Z]{1,2}\d[A-Z\d]? \d[ABD-HJLNP-UW-Z]{2}(?![A-Za-z0-9])"
            r"|(?<=,)[ ]?[A-Z]{2} \d{5}(?:-\d{4})?(?![\w])"
            r"|[\u4e00-\u9fff]{2,8}(?:路|街|大道|巷|弄|胡同)\d{1,5}[号弄](?:\d{1,4}[号室栋])?"
        ),
    ),
    Form("long_number", re.compile(r"(?<![\d.,])\d(?:[- ]?\d){8,40}(?![.,]?\d)")),
    Form(
        "phone",
        re.compile(
            r"(?<![\w.])\(?\d{3,5}\)?(?:[ /-]\d{3,4}[ ./-]?|\.\d{3,4}\.)\d{3,4}(?!\w|\.\d)",
        ),
        wide=True,
    ),
    Form(
        "age_over_89",
        re.compile(
            r"(?<![\d.])(?P<value>9\d|1[01]\d)(?=[ -]?(?:years?|yrs?|y/?o|岁|周岁)(?![a-z]))"
            r"|(?<![A-Za-z])(?:aged?|年龄)[ :：]{0,2}(?:9\d|1[01]\d)(?![\d.])",
            re.IGNORECASE,
        ),
        _digits_in,
        wide=True,
    ),
    Form(
        "titled_name",
        re.compile(
            r"(?<![A-Za-z])(?:Mr|Mrs|Ms|Miss|Mx|Dr|Prof|Sir|Nurse|Sister|Doctor)\.? "
            r"(?P<value>[A-Z][\w'’-]{1,30}(?: [A-Z](?:[\w'’-]{1,30}|\.)){0,3})"
            r"|(?P<chinese>[\u4e00-\u9fff]{1,2}(?=先生|女士|小姐|太太|医生|大夫|主任|护士))"
        ),
        wide=True,
    ),
    Form("number", re.compile(r"(?<!\d)(?<!\d[.,])\d{5,}"), wide=True),
)
