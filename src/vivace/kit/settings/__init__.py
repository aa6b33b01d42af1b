"""Settings from the environment, as a dependency, with secrets that stay secret.

settings    the class that programs derive from: read once, given to endpoints
mistakes    what is missing or wrong, told all at once by the names of the variables
secret      which settings are secret, and how they are shown
"""

from vivace.kit.extras import need

need("settings", "settings", "pydantic_settings")

from pydantic_settings import SettingsConfigDict as SettingsConfigDict

from vivace.kit.settings.mistakes import SettingsError as SettingsError
from vivace.kit.settings.settings import Settings as Settings
