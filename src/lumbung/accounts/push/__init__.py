"""The devices on which a member gets pushes."""
