"""Long lists in pages: by number, or by signed cursors; of SQLAlchemy selects, or of lists.

pages       what a page looks like
links       `Link` headers (RFC 8288)
number      pages by number: simple, with a total; slow and shaky far down a list that changes
signing     what is given to clients to be sent back, signed
cursor      pages by cursor: each begins after the last item of the one before
keyset      the order of a select, and where in it a cursor stands
"""

from vivace.kit.paginate.cursor import ByCursor as ByCursor
from vivace.kit.paginate.cursor import Cursors as Cursors
from vivace.kit.paginate.links import LINKED as LINKED
from vivace.kit.paginate.number import ByNumber as ByNumber
from vivace.kit.paginate.number import by_number as by_number
from vivace.kit.paginate.pages import CursorPage as CursorPage
from vivace.kit.paginate.pages import Page as Page
