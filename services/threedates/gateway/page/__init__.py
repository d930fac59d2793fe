"""A partner's page under ``/c/{token}``: its sections, its forms, and what is shown while the broker is away."""
