"""Who asks, and what they may: passwords, tokens, API keys, sessions.

auth            `Auth`, which puts all of it together
passwords       hashing; password_login, throttle, users: from a name and a password to a user
keys            signing keys; jwks: those of an issuer elsewhere
tokens          access tokens made and verified; verified: remembered
refresh         families of refresh tokens; rotation: their steps in the store; epochs: logging out everywhere
api_keys        made, known, revoked
sessions        on the server, by cookie; csrf: what protects them
ways            the kinds of credentials; guard: the dependencies
login           the router; token_login, session_login: what it does
document        refusals in the OpenAPI document
"""

from vivace.kit.extras import need

need("auth", "auth", "jwt", "pwdlib", "argon2", "cryptography")

from vivace.kit.auth.api_keys import ApiKey as ApiKey
from vivace.kit.auth.api_keys import ApiKeys as ApiKeys
from vivace.kit.auth.api_keys import NewApiKey as NewApiKey
from vivace.kit.auth.auth import Auth as Auth
from vivace.kit.auth.guard import Identity as Identity
from vivace.kit.auth.jwks import RemoteKeys as RemoteKeys
from vivace.kit.auth.keys import KeyRing as KeyRing
from vivace.kit.auth.keys import SigningKey as SigningKey
from vivace.kit.auth.keys import VerifyingKey as VerifyingKey
from vivace.kit.auth.login import TokenPair as TokenPair
from vivace.kit.auth.passwords import Passwords as Passwords
from vivace.kit.auth.session_login import SessionInfo as SessionInfo
from vivace.kit.auth.sessions import Session as Session
from vivace.kit.auth.sessions import SessionPolicy as SessionPolicy
from vivace.kit.auth.sessions import Sessions as Sessions
from vivace.kit.auth.throttle import LoginRates as LoginRates
from vivace.kit.auth.tokens import TokenPolicy as TokenPolicy
from vivace.kit.auth.users import Account as Account
