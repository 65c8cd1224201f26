"""What the provider tells of a user, besides the subject."""


def with_address(claims, user):
    """Adds name and address. Django does not know whether an address is verified; this site verifies all."""
    return {**claims, "name": user.get_full_name(), "email": user.email, "email_verified": True}
