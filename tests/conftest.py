"""How property tests run here: no deadline and no complaint about speed, since a busy machine is not a failure."""

from __future__ import annotations

from hypothesis import HealthCheck, settings

settings.register_profile("newsgloss", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("newsgloss")
