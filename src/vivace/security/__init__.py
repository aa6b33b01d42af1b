"""Security schemes: dependencies that read a credential, and appear in the OpenAPI document as what they are."""

from vivace.security.api_key import APIKeyCookie as APIKeyCookie
from vivace.security.api_key import APIKeyHeader as APIKeyHeader
from vivace.security.api_key import APIKeyQuery as APIKeyQuery
from vivace.security.http import HTTPAuthorizationCredentials as HTTPAuthorizationCredentials
from vivace.security.http import HTTPBasic as HTTPBasic
from vivace.security.http import HTTPBasicCredentials as HTTPBasicCredentials
from vivace.security.http import HTTPBearer as HTTPBearer
from vivace.security.http import HTTPDigest as HTTPDigest
from vivace.security.oauth2 import OAuth2 as OAuth2
from vivace.security.oauth2 import OAuth2AuthorizationCodeBearer as OAuth2AuthorizationCodeBearer
from vivace.security.oauth2 import OAuth2PasswordBearer as OAuth2PasswordBearer
from vivace.security.oauth2 import OAuth2PasswordRequestForm as OAuth2PasswordRequestForm
from vivace.security.oauth2 import OAuth2PasswordRequestFormStrict as OAuth2PasswordRequestFormStrict
from vivace.security.oauth2 import SecurityScopes as SecurityScopes
from vivace.security.open_id_connect_url import OpenIdConnect as OpenIdConnect
