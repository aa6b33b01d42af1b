"""Problem details (RFC 9457) in the place of FastAPI's error bodies, for the applications that ask for them.

models      what a problem looks like: the bodies, and their schemas
build       from an exception to a problem
document    the OpenAPI document, with problems where the errors were
install     `use_problems(app)`, which puts all of it in place
"""

from vivace.kit.problem.build import ProblemException as ProblemException
from vivace.kit.problem.install import ProblemResponse as ProblemResponse
from vivace.kit.problem.install import use_problems as use_problems
from vivace.kit.problem.models import InvalidPart as InvalidPart
from vivace.kit.problem.models import Problem as Problem
from vivace.kit.problem.models import ValidationProblem as ValidationProblem
