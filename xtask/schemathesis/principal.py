"""Who asks: hooks by which schemathesis calls the API as somebody of the demo, about things that exist.

Named by SCHEMATHESIS_HOOKS, told by src/api.rs through the environment:

YINXIN_API_URL       address of the service
YINXIN_API_ACCOUNTS  the demo's registry-accounts.json
YINXIN_API_AS        a login name of that file, or `client`: a program that signs its requests; absent: nobody
YINXIN_API_OUTCOME   file for what came of it, JSON, written at the end
"""

import atexit
import base64
import collections
import hashlib
import hmac
import json
import os
import struct
import time
import urllib.parse
import uuid

import requests
import schemathesis

BASE = os.environ["YINXIN_API_URL"] + "/api/v1"
AS = os.environ.get("YINXIN_API_AS")
PLAIN = requests.Session()
# The service is on this machine: no proxy lies between.
PLAIN.trust_env = False


def totp(secret, ago=0):
    counter = struct.pack(">Q", int(time.time() - ago) // 30)
    digest = hmac.new(base64.b32decode(secret), counter, "sha1").digest()
    at = digest[-1] & 15
    return "%06d" % ((struct.unpack(">I", digest[at : at + 4])[0] & 0x7FFFFFFF) % 1_000_000)


class Session(requests.auth.AuthBase):
    """A session: its cookie, and its token on changes."""

    def __init__(self, account):
        body = {"login": account["login"], "password": account["password"]}
        if account["totp"]:
            body["code"] = totp(account["totp"])
        answer = PLAIN.post(BASE + "/sessions", json=body)
        answer.raise_for_status()
        self.cookie = answer.headers["set-cookie"].split(";")[0]
        PLAIN.cookies.clear()
        self.token = answer.json()["csrf_token"]

    def __call__(self, request):
        request.headers["Cookie"] = self.cookie
        if request.method not in ("GET", "HEAD", "OPTIONS"):
            request.headers["x-csrf-token"] = self.token
        return request

    def alive(self):
        return PLAIN.get(BASE + "/session", auth=self).status_code == 200


class Client(requests.auth.AuthBase):
    """A program: every request signed with HMAC-SM3."""

    def __init__(self, administrator, grants, scopes):
        body = {"name": "接口检查", "key": {"kind": "hmac_sm3"}, "scopes": scopes, "grants": grants}
        answer = PLAIN.post(BASE + "/clients", json=body, auth=administrator, headers={"idempotency-key": str(uuid.uuid4())})
        answer.raise_for_status()
        self.id, self.secret = answer.json()["id"], answer.json()["secret"]

    def __call__(self, request):
        body = request.body or b""
        body = body.encode() if isinstance(body, str) else body
        target = urllib.parse.urlsplit(request.url)
        stamp, nonce = str(int(time.time())), uuid.uuid4().hex
        digest = hashlib.new("sm3", body).hexdigest()
        query = "&".join(sorted(target.query.split("&")))
        lines = ["YINXIN1-HMAC-SM3", self.id, stamp, nonce, request.method, target.path, query, digest]
        signature = hmac.new(self.secret.encode(), "\n".join(lines).encode(), "sm3").hexdigest()
        request.headers["Yinxin-Client"] = self.id
        request.headers["Yinxin-Timestamp"] = stamp
        request.headers["Yinxin-Nonce"] = nonce
        request.headers["Yinxin-Content-SM3"] = digest
        request.headers["Yinxin-Signature"] = "hmac-sm3=" + signature
        return request

    def alive(self):
        return PLAIN.get(BASE + "/seals", auth=self).status_code == 200


def log_in():
    with open(os.environ["YINXIN_API_ACCOUNTS"], encoding="utf-8") as file:
        accounts = {account["login"]: account for account in json.load(file)}
    if AS != "client":
        return Session(accounts[AS])
    agent = Session(accounts["agent"])
    unit = PLAIN.get(BASE + "/units", auth=agent).json()["items"][0]["id"]
    scopes = ["units_read", "applications_read", "applications_write", "seals_read"]
    return Client(Session(accounts["security"]), [{"role": "business_system", "scope": unit}], scopes)


IDENTITY = log_in() if AS else None
if IDENTITY:
    schemathesis.auth.set_from_requests(IDENTITY)

# Accounts of the demo are asked for but never acted upon: a run must not block who comes after it.
DEMO_ACCOUNTS = set()
KNOWN = {}


def known(kind):
    """Keys of the things of a kind that this identity sees, asked for again now and then."""
    asked, keys = KNOWN.get(kind, (0, []))
    if time.monotonic() - asked > 5 or not asked:
        answer = PLAIN.get(f"{BASE}/{kind}?limit=20", auth=IDENTITY)
        items = answer.json().get("items", []) if answer.ok else []
        keys = [item["code"] if kind == "areas" else item["id"] for item in items if kind != "areas" or "code" in item]
        if kind == "accounts":
            if not DEMO_ACCOUNTS:
                DEMO_ACCOUNTS.update(keys)
            keys = [key for key in keys if key not in DEMO_ACCOUNTS]
        KNOWN[kind] = (time.monotonic(), keys)
    return keys


LISTED = {"accounts", "applications", "areas", "blocks", "changes", "clients", "designations", "disposals", "drills", "makers", "notices", "peers", "profiles", "seals", "supervision", "tickets", "units", "verifications", "webhooks"}
COUNT = collections.Counter()
DRAW = 0


def generated_well(case, location):
    """Whether this part of a request was meant to be right. What was meant to be wrong stays as it is."""
    if case.meta is None:
        return True
    part = next((info for where, info in case.meta.components.items() if where.value == location), None)
    return part is None or part.mode.is_positive


@schemathesis.hook
def before_call(context, case, kwargs):
    """Names a thing that exists, its present version and a fresh key: what no generator can guess."""
    global DRAW
    if IDENTITY is None:
        return
    DRAW += 1
    parts = case.operation.path.split("/")
    kind = parts[3] if len(parts) > 3 else ""
    name = "code" if kind == "areas" else "id"
    named = case.path_parameters and name in case.path_parameters
    # One of four stays as generated: what is not there has to be refused well, too.
    if named and kind in LISTED and parts[4] == "{%s}" % name and DRAW % 4 and generated_well(case, "path"):
        keys = known(kind)
        if keys:
            case.path_parameters[name] = keys[DRAW // 4 % len(keys)]
    if case.query and "cursor" in case.query and generated_well(case, "query") and DRAW % 4:
        del case.query["cursor"]
    if case.headers is None or not generated_well(case, "header"):
        return
    if "Idempotency-Key" in case.headers:
        case.headers["Idempotency-Key"] = uuid.uuid4().hex
    if "If-Match" in case.headers and named and DRAW % 4:
        key = urllib.parse.quote(str(case.path_parameters[name]), safe="")
        tag = PLAIN.get(f"{BASE}/{kind}/{key}", auth=IDENTITY).headers.get("etag")
        if tag:
            case.headers["If-Match"] = tag


# What a body may say by the schema and still be wrong, because the rule compares members, counts check digits, reads what is inside a
# text, or looks into the registry. Everything else that is refused by its form has to be refused by the schema, too.
BEYOND_SCHEMAS = {
    "ADDRESS_FORBIDDEN",
    "ALREADY",
    "CERTIFICATE",
    "CREDIT_CODE_CHECK",
    "CREDIT_CODE_MISSING",
    "CREDIT_CODE_UNEXPECTED",
    "DISSOLVED",
    "EMPTY",
    "EXCLUSIVE",
    "FUTURE",
    "KEY",
    "NOT_ABLE",
    "NOT_IN_FORCE",
    "OUTSIDE",
    "PARENT",
    "PAST",
    "PROFILE_AREA",
    "PROFILE_SYNTAX",
    "PROFILE_UNKNOWN",
    "PROFILE_VERSION",
    "RANGE",
    "RESIDENT_ID_BIRTH_DATE",
    "RESIDENT_ID_CHECK",
    "RESIDENT_ID_DIVISION",
    "ROLE",
    "SCOPE_KIND",
    "STATEMENT",
    "TIME",
    "TIME_ORDER",
    "TOTP_WRONG",
    "TWICE",
    "UNKNOWN",
    "URL",
    "URL_CREDENTIALS",
    "URL_NOT_HTTPS",
}
# Lengths of lines and reasons are counted without the space around them, and a line has no control characters.
TRIMMED = {"DETAIL", "NAME", "REASON", "RECORD", "TEXT"}


# Members that hold DER in Base64.
ENCODED = {"certificate", "chain", "signature", "signed_data"}


@schemathesis.serializer("application/ofd")
def ofd(context, value):
    return value if isinstance(value, bytes) else str(value).encode("utf-8", "surrogateescape")


def at(document, pointer):
    for name in pointer.split("/")[1:]:
        name = name.replace("~1", "/").replace("~0", "~")
        try:
            document = document[int(name)] if isinstance(document, list) else document[name]
        except (KeyError, IndexError, TypeError, ValueError):
            return None
    return document


def beyond_schema(error, case):
    if error.get("parameter") == "cursor":
        # Sealed by the server: nobody can make one.
        return True
    code, value = error["code"], at(case.body, error.get("pointer", ""))
    if error.get("parameter") in (case.query or {}):
        value = case.query[error["parameter"]]
    if code in BEYOND_SCHEMAS or code.startswith(("CERTIFICATE_", "KEY_REQUEST", "TRUTH_")):
        # The last three: what stands inside a certificate or a certification request, or is signed.
        return True
    if code == "REQUIRED" and error.get("pointer") == "/statement":
        # One of two members is needed.
        return True
    if code in TRIMMED and isinstance(value, str):
        return value != value.strip() or any(ord(c) < 32 or 127 <= ord(c) < 160 for c in value)
    if code == "BAD_VALUE" and (ENCODED & set(error.get("pointer", "").split("/")) or isinstance(value, str) and "\0" in value):
        return True
    # 4.0 is an integer to JSON Schema and a fraction to the parser.
    return code == "WRONG_TYPE" and has_fraction(value)


def has_fraction(value):
    inside = value.values() if isinstance(value, dict) else value if isinstance(value, list) else [value]
    return any(isinstance(one, float) or isinstance(one, (dict, list)) and has_fraction(one) for one in inside)


@schemathesis.hook
def filter_failure(context, failure, case, response):
    """Drops a refusal of well-formed data that no schema can tell beforehand; see BEYOND_SCHEMAS."""
    if type(failure).__name__ == "AcceptedNegativeData" and case.operation.path.endswith("/verifications"):
        # Any bytes are taken to be a document, and the report says what is wrong with them.
        return "in body" not in failure.message
    if type(failure).__name__ != "RejectedPositiveData":
        return True
    if response.status_code == 412:
        # The version may have moved on since it was read.
        return False
    if response.status_code == 415 and case.operation.path.endswith(("/materials/{code}", "/content")):
        # What is inside is not of the type it claims.
        return False
    try:
        problem = response.json()
    except ValueError:
        return True
    errors = problem.get("errors", [])
    return not errors or not all(beyond_schema(error, case) for error in errors)


@schemathesis.hook
def after_call(context, case, response):
    COUNT[(case.operation.definition.raw.get("operationId", "?"), response.status_code)] += 1


def outcome():
    accepted = sorted({name for (name, status) in COUNT if 200 <= status < 300})
    by_status = collections.Counter()
    for (_, status), count in COUNT.items():
        by_status[str(status)] += count
    told = {
        "alive": IDENTITY is None or IDENTITY.alive(),
        "requests": sum(COUNT.values()),
        "by_status": dict(sorted(by_status.items())),
        "accepted": accepted,
    }
    with open(os.environ["YINXIN_API_OUTCOME"], "w", encoding="utf-8") as file:
        json.dump(told, file, indent=1)


atexit.register(outcome)
