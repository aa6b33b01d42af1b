from tests.kit.sql.conftest import postgres as postgres
from tests.kit.sql.conftest import url as url
