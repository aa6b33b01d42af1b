from tests.doors import call as call
