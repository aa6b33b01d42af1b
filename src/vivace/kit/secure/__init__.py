"""What every application should do about its edge, in one preset: `secure(app)`.

policy       the security headers, and which answer gets which
request_id   an id for each request: taken, made, sent back, put into log records
origin       requests that another site has a browser send
hosts        the names that the application answers to
install      `secure(app)`: all of it, around everything else
"""

from vivace.kit.secure.install import secure as secure
from vivace.kit.secure.origin import OriginCheck as OriginCheck
from vivace.kit.secure.policy import Policy as Policy
from vivace.kit.secure.request_id import RequestIds as RequestIds
from vivace.kit.secure.request_id import current_request_id as current_request_id
