"""Regions, sites, vendors, lines of business, teams, staff members and their skills."""

from collections.abc import Iterator
from typing import ClassVar

from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import Q
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _


class Language(models.TextChoices):
    ENGLISH = "en", "English"
    HINDI = "hi", "हिन्दी"
    MALAY = "ms", "Bahasa Melayu"
    TAMIL = "ta", "தமிழ்"
    CHINESE = "zh", "中文"


class Operation(models.Model):
    """The one operation this installation runs. `revision` moves when its configuration does."""

    name = models.CharField(max_length=120)
    platform_name = models.CharField(max_length=80)
    mail_domain = models.CharField(max_length=200)
    is_demo = models.BooleanField(default=False)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(name="operation_is_only_one", condition=Q(id=1)),
        ]


class Region(models.Model):
    key = models.SlugField(unique=True)
    name = models.CharField(max_length=120)


class Site(models.Model):
    """Where people work: its clock, its week and its holidays.

    `working_week` maps `mon`…`sun` to spans such as `[["09:00", "13:00"], ["14:00", "18:00"]]`;
    `extra_days` maps a date to its own spans (none: a holiday) or to null (no holiday after all).
    """

    key = models.SlugField(unique=True)
    name = models.CharField(max_length=120)
    region = models.ForeignKey(Region, models.DO_NOTHING)
    timezone = models.CharField(max_length=60)
    country = models.CharField(max_length=2)
    subdivision = models.CharField(max_length=10, blank=True)
    working_week = models.JSONField(default=dict)
    extra_days = models.JSONField(default=dict)


class Vendor(models.Model):
    """A BPO partner whose agents work in tier 1."""

    key = models.SlugField(unique=True)
    name = models.CharField(max_length=120)
    is_active = models.BooleanField(default=True)


class LineOfBusiness(models.Model):
    """A scope of support such as Account Security."""

    key = models.SlugField(unique=True)
    names = models.JSONField()  # language → name
    descriptions = models.JSONField(default=dict)  # language → a sentence for the public form
    default_priority = models.PositiveSmallIntegerField(default=3)
    seals_attachments = models.BooleanField(default=False)
    position = models.PositiveSmallIntegerField(default=0)
    is_active = models.BooleanField(default=True)

    def name_in(self, language: str) -> str:
        return str(self.names.get(language) or self.names["en"])


class VendorShare(models.Model):
    """How much of a line of business a vendor is contracted to take, in the languages it serves."""

    vendor = models.ForeignKey(Vendor, models.DB_CASCADE, related_name="shares")
    lob = models.ForeignKey(LineOfBusiness, models.DB_CASCADE)
    language = models.CharField(max_length=2, choices=Language)
    share = models.FloatField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["vendor", "lob", "language"], name="vendor_share_once"),
            models.CheckConstraint(
                name="vendor_share_is_a_share", condition=Q(share__gt=0, share__lte=1)
            ),
        ]


class Team(models.Model):
    key = models.SlugField(unique=True)
    name = models.CharField(max_length=120)
    site = models.ForeignKey(Site, models.DO_NOTHING)
    vendor = models.ForeignKey(Vendor, models.DO_NOTHING, null=True)  # None: in-house
    tier = models.PositiveSmallIntegerField()
    leader = models.ForeignKey("StaffMember", models.DB_SET_NULL, null=True, related_name="leads")

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(name="team_tier_is_1_or_2", condition=Q(tier__in=[1, 2])),
            models.CheckConstraint(
                name="team_of_tier_2_is_in_house", condition=Q(tier=1) | Q(vendor__isnull=True)
            ),
        ]


class StaffMemberManager(BaseUserManager["StaffMember"]):
    def get_by_natural_key(self, username: str | None) -> "StaffMember":
        """Return who signs in with this: their key or their work e-mail address."""
        name = (username or "").strip()
        return self.get(email__iexact=name) if "@" in name else self.get(key__iexact=name)


class StaffMember(AbstractBaseUser):
    """Anybody who signs in."""

    class Role(models.TextChoices):
        AGENT = "AGENT", _("Agent")
        SPECIALIST = "SPECIALIST", _("Specialist")
        TEAM_LEADER = "TEAM_LEADER", _("Team leader")
        LOB_LEAD = "LOB_LEAD", _("LOB delivery lead")
        REGIONAL_LEAD = "REGIONAL_LEAD", _("Regional lead")
        GLOBAL_HEAD = "GLOBAL_HEAD", _("Global head")
        VENDOR_MANAGER = "VENDOR_MANAGER", _("Vendor manager")

    key = models.SlugField(unique=True)  # what one signs in with
    name = models.CharField(max_length=120)
    email = models.EmailField(unique=True)
    role = models.CharField(max_length=20, choices=Role)
    site = models.ForeignKey(Site, models.DO_NOTHING, null=True)
    team = models.ForeignKey(Team, models.DO_NOTHING, null=True, related_name="members")
    vendor = models.ForeignKey(Vendor, models.DO_NOTHING, null=True)  # None: in-house
    manager = models.ForeignKey("self", models.DB_SET_NULL, null=True, related_name="reports")
    is_active = models.BooleanField(default=True)
    language = models.CharField(  # of the screen
        max_length=2, choices=Language, default=Language.ENGLISH, db_default="en"
    )
    joined_on = models.DateField(null=True)  # a newcomer gets easier cases to practise on

    objects: ClassVar[StaffMemberManager] = StaffMemberManager()

    USERNAME_FIELD = "key"
    EMAIL_FIELD = "email"

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                name="vendor_staff_are_agents", condition=Q(vendor__isnull=True) | Q(role="AGENT")
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def get_session_auth_hash(self) -> str:
        """Return what a session is bound to: it ends with the password, the role and the vendor."""
        return self._bound_to(settings.SECRET_KEY)

    def get_session_auth_fallback_hash(self) -> Iterator[str]:
        for secret in settings.SECRET_KEY_FALLBACKS:
            yield self._bound_to(secret)

    def _bound_to(self, secret: str | bytes) -> str:
        facts = f"{self.password}|{self.role}|{self.vendor_id or ''}"
        return salted_hmac(
            "caseward.org.session", facts, secret=secret, algorithm="sha256"
        ).hexdigest()

    @property
    def tier(self) -> int:
        """Tier 1 works at a vendor; everybody in-house sees what tier 2 sees."""
        return 1 if self.vendor_id else 2

    @property
    def leads_people(self) -> bool:
        return self.role not in {self.Role.AGENT, self.Role.SPECIALIST}


class Skill(models.Model):
    """A line of business that somebody can work in a language."""

    class Level(models.IntegerChoices):
        BASIC = 1, "Basic"
        FLUENT = 2, "Fluent"
        NATIVE = 3, "Like a native"

    staff = models.ForeignKey(StaffMember, models.DB_CASCADE, related_name="skills")
    lob = models.ForeignKey(LineOfBusiness, models.DB_CASCADE)
    language = models.CharField(max_length=2, choices=Language)
    level = models.PositiveSmallIntegerField(choices=Level, default=Level.FLUENT, db_default=2)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["staff", "lob", "language"], name="skill_once"),
            models.CheckConstraint(
                name="skill_level_1_to_3", condition=Q(level__gte=1, level__lte=3)
            ),
        ]


class Certification(models.Model):
    """What somebody has passed and may therefore work on, such as `child-safety`."""

    staff = models.ForeignKey(StaffMember, models.DB_CASCADE, related_name="certifications")
    key = models.SlugField()
    expires_on = models.DateField(null=True)  # the last day it holds, at the site of the person

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["staff", "key"], name="certification_once"),
        ]


class Shift(models.Model):
    """When somebody is on: `[starts_at, ends_at)`. PostgreSQL refuses two at once of one person."""

    staff = models.ForeignKey(StaffMember, models.DB_CASCADE, related_name="shifts", db_index=False)
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                name="shift_ends_after_it_starts", condition=Q(ends_at__gt=models.F("starts_at"))
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["ends_at", "starts_at"], name="shift_when"),
        ]


class SignInAttempt(models.Model):
    """An attempt to sign in that has not succeeded; forgotten after an hour.

    Account and address are keyed digests: enough to count by, leading back to nobody.
    """

    account = models.BinaryField(max_length=32)
    address = models.BinaryField(max_length=32)
    at = models.DateTimeField()

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["account", "at"], name="attempt_by_account"),
            models.Index(fields=["address", "at"], name="attempt_by_address"),
        ]


class ConfigurationChange(models.Model):
    """What somebody changed on screen, with what it was: its history, and what undoing puts back.

    A row is written once. `key` names the entry in files; no `before`: there was none; no `after`:
    it is not in use any more.
    """

    class What(models.TextChoices):
        ROTA = "ROTA", _("On-call rota")
        EXPERT = "EXPERT", _("Expert")
        ESCALATION_TEMPLATE = "ESCALATION_TEMPLATE", _("Escalation template")
        NOTE_TEMPLATE = "NOTE_TEMPLATE", _("Note template")

    what = models.CharField(max_length=20, choices=What)
    key = models.CharField(max_length=110)
    title = models.CharField(max_length=200)
    before = models.JSONField(null=True)
    after = models.JSONField(null=True)
    by = models.ForeignKey(StaffMember, models.DO_NOTHING, related_name="+", db_index=False)
    at = models.DateTimeField()
    undoes = models.OneToOneField("self", models.DO_NOTHING, null=True, related_name="undone_by")

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                name="change_has_something_before_or_after",
                condition=Q(before__isnull=False) | Q(after__isnull=False),
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["what", "-id"], name="change_of_what"),
            models.Index(fields=["what", "key", "-id"], name="change_of_entry"),
        ]
