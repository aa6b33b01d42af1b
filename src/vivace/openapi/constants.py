"""Facts that several modules here need."""

# What OpenAPI lets have a `requestBody`. GET, HEAD and DELETE are not recommended to, but may.
METHODS_WITH_BODY = {"GET", "HEAD", "POST", "PUT", "DELETE", "PATCH"}

REF_PREFIX = "#/components/schemas/"
REF_TEMPLATE = REF_PREFIX + "{model}"
