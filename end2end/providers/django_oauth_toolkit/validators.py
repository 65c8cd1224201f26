"""What the provider tells of a user, besides the subject."""

from oauth2_provider.oauth2_validators import OAuth2Validator


class WithAddress(OAuth2Validator):
    """Adds name and address."""

    def get_additional_claims(self, request):
        return {"name": request.user.get_full_name(), "email": request.user.email}


class WithVerifiedAddress(WithAddress):
    """Says that the address is verified. Django does not know; this site verifies all."""

    def get_additional_claims(self, request):
        return {**super().get_additional_claims(request), "email_verified": True}
