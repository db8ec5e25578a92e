"""Latent profiles: are there kinds of people in the scores, how many, and who belongs to which."""

from casearc.statistics.profiles.latent import LEAST_PEOPLE, LatentProfiles, ProfileFit, latent_profiles

__all__ = ["LEAST_PEOPLE", "LatentProfiles", "ProfileFit", "latent_profiles"]
