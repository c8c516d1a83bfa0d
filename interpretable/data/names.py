"""What a column's name gives away: a person's key, or a characteristic the law protects."""

from __future__ import annotations

import re

_SPLIT = re.compile(r"[^A-Za-z]+|(?<=[a-z])(?=[A-Z])")
_SENSITIVE = frozenset(
    [
        "sex",
        "gender",
        "age",
        "race",
        "racial",
        "ethnic",
        "ethnicity",
        "religion",
        "religious",
        "nationality",
        "foreign",
        "foreigner",
        "marital",
        "married",
        "pregnant",
        "pregnancy",
        "disability",
        "disabled",
        "hispanic",
        "latino",
        "white",
        "black",
        "caste",
        "sexuality",
        "orientation",
        "veteran",
        "citizenship",
        "citizen",
        "indigenous",
        "aboriginal",
        "islam",
        "muslim",
        "birthdate",
        "dob",
        "immigrant",
        "immigration",
        "language",
    ]
)
_PERSON = frozenset(
    [
        "patient",
        "subject",
        "person",
        "customer",
        "client",
        "applicant",
        "member",
        "household",
        "case",
        "individual",
        "user",
        "participant",
        "employee",
        "account",
        "policy",
        "borrower",
        "student",
        "family",
        "hospital",
    ]
)
_KEY = frozenset(
    ["id", "ids", "key", "uuid", "guid", "identifier", "nr", "no", "number", "num", "code", "mrn", "ssn"]
)
_ALONE = frozenset(
    [
        "id",
        "uuid",
        "guid",
        "mrn",
        "ssn",
        "index",
        "rowid",
        "pid",
        "sid",
        "uid",
        "identifier",
        "recordid",
        "patientid",
        "rownum",
        "rownames",
    ]
)
_WHO = frozenset(
    [
        "surname", "forename", "firstname", "lastname", "fullname", "middlename", "nickname", "username",
        "login", "email", "phone", "telephone", "mobile", "fax", "address", "street", "ssn", "mrn",
        "passport", "iban",
    ]
)  # fmt: skip
_NAME_OF = frozenset(["first", "last", "full", "middle", "given", "family", "birth", "maiden", "legal"])
_WHO_CHINESE = ("姓名", "名字", "电话", "手机", "邮箱", "住址", "地址", "身份证", "护照", "病历号", "住院号")
_CHINESE = {
    "性别": "性别",
    "年龄": "年龄",
    "民族": "民族",
    "种族": "种族",
    "宗教": "宗教",
    "国籍": "国籍",
    "婚姻": "婚姻",
}


def words_of(name: str) -> list[str]:
    """The lower-case words in a column name: "patientAge_years" -> patient, age, years."""
    return [word.lower() for word in _SPLIT.split(name) if word]


def sensitive_word(name: str) -> str:
    """The word that suggests a protected characteristic, or nothing."""
    found = next((word for word in words_of(name) if word in _SENSITIVE), "")
    return found or next((word for word in _CHINESE if word in name), "")


def names_a_person(name: str) -> bool:
    """Whether a column of this name says who somebody is or how to reach them: surname, e-mail, 姓名, MRN."""
    words = words_of(name)
    named = words[-1:] == ["name"] and (len(words) == 1 or words[-2] in _PERSON | _NAME_OF)
    return named or id_word(name) or not _WHO.isdisjoint(words) or any(word in name for word in _WHO_CHINESE)


def id_word(name: str) -> bool:
    """Whether a name says "key of something": id, patient_id, MRN."""
    words = words_of(name)
    return bool(words) and (
        words[-1] in _ALONE or (len(words) > 1 and words[-1] in {"id", "ids", "uuid", "guid"})
    )


def person_key(name: str) -> bool:
    """Whether a name says "key of a person", with several rows perhaps: patient_id, customer number."""
    words = words_of(name)
    return len(words) > 1 and words[-1] in _KEY and words[0] in _PERSON
