"""Questions about the organisation."""

from caseward.org.acting import Actor, acting
from caseward.org.catalogue import kept_per_revision
from caseward.org.models import LineOfBusiness, Operation, Site, StaffMember, Team, Vendor


@kept_per_revision
def operation() -> Operation:
    """Return the operation this installation runs; an unnamed one before any was applied."""
    return Operation.objects.first() or Operation(
        name="Caseward", platform_name="our platform", mail_domain="caseward.example"
    )


@kept_per_revision
def lines_of_business() -> dict[int, LineOfBusiness]:
    return {lob.pk: lob for lob in LineOfBusiness.objects.order_by("position", "key")}


@kept_per_revision
def sites() -> dict[int, Site]:
    return {site.pk: site for site in Site.objects.order_by("name", "pk")}


@kept_per_revision
def vendors() -> dict[int, Vendor]:
    return {vendor.pk: vendor for vendor in Vendor.objects.order_by("name", "pk")}


@kept_per_revision
def teams() -> dict[int, Team]:
    return {team.pk: team for team in Team.objects.order_by("name", "pk")}


@kept_per_revision
def skills_of(staff_id: int) -> frozenset[tuple[int, str]]:
    """Return the (line of business, language) pairs somebody works in."""
    staff = StaffMember.objects.get(pk=staff_id)
    return frozenset(staff.skills.values_list("lob_id", "language"))


def may_name(reader: StaffMember, staff_id: int | None) -> bool:
    """Say whether a reader may know somebody's name: a vendor's staff know their own people only.

    Their own are who works for the vendor and who leads a team of it, in-house or not.
    No id stands for nobody in particular, such as a requester or Caseward itself.
    """
    return staff_id is None or reader.vendor_id is None or staff_id in _people_of(reader.vendor_id)


@kept_per_revision
def _people_of(vendor_id: int) -> frozenset[int]:
    people = StaffMember.objects.filter(vendor_id=vendor_id).values_list("pk", flat=True)
    return frozenset([*people, *_leaders_of(vendor_id)])


def name_of_leader(reader: StaffMember, staff_id: int | None) -> str:
    """Return the name of who leads a team of the reader's vendor; empty for anybody else."""
    if reader.vendor_id is None or staff_id is None:
        return ""
    return _leaders_of(reader.vendor_id).get(staff_id, "")


@kept_per_revision
def _leaders_of(vendor_id: int) -> dict[int, str]:
    """Return names of leaders, read as Caseward itself: in-house rows are not the vendor's."""
    with acting(Actor.system("names")):
        teams = Team.objects.filter(vendor_id=vendor_id, leader__isnull=False)
        return dict(teams.values_list("leader_id", "leader__name"))
