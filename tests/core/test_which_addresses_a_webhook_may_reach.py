"""Which addresses may a stranger's URL make us connect to?"""

from ipaddress import ip_network

import pytest
from hypothesis import given
from hypothesis import strategies as st

from threedates.core.addresses import Rules, address_refusal, url_refusal

RULES = Rules()
LOCAL = Rules(networks=(ip_network("127.0.0.0/8"), ip_network("fd00:1::/32")))

INSIDE = """
0.0.0.0 0.1.2.3 10.0.0.1 10.255.255.255 100.64.0.1 100.127.255.255 127.0.0.1 127.1.2.3 127.255.255.255 169.254.169.254
172.16.0.1 172.31.255.255 192.0.0.1 192.0.0.8 192.0.0.170 192.0.0.192 192.0.2.1 192.31.196.1 192.52.193.1 192.88.99.1
192.168.0.1 192.175.48.1 198.18.0.1 198.19.255.255 198.51.100.1 203.0.113.1 224.0.0.1 239.255.255.255 240.0.0.1
255.255.255.255
:: ::1 ::7f00:1 ::127.0.0.1 ::ffff:127.0.0.1 ::ffff:7f00:1 ::ffff:8.8.8.8 ::ffff:0:127.0.0.1 64:ff9b::7f00:1
64:ff9b::8.8.8.8 64:ff9b:1::1 100::1 100:0:0:1::1 2001::1 2001:0:4136:e378:8000:63bf:3fff:fdd2 2001:10::1 2001:20::1
2001:1ff::1 2001:db8::1 2002:7f00:1:: 2002:0a00:0001::1 2002:808:808::1 3fff::1 3fff:fff::1 4000::1 5f00::1 fc00::1
fd00::1 fd00:ec2::254 fe80::1 fe80::1%eth0 fe80::1%1 fec0::1 ff02::1 ff0e::1 ::fffe:7f00:1 1::1 1fff::1
2606:4700::1111%lo
""".split()  # noqa: SIM905  # a table reads better

OUTSIDE = """
1.1.1.1 8.8.8.8 9.9.9.9 11.0.0.1 100.63.255.255 100.128.0.1 126.255.255.255 128.0.0.1 169.253.1.1 172.15.1.1 172.32.0.1
192.0.1.1 192.167.1.1 192.169.1.1 198.17.1.1 198.20.1.1 223.255.255.255 2606:4700:4700::1111 2a00:1450:4001:82b::200e
2001:4860:4860::8888 2001:200::1 2003::1 3ffe::1 2000::1
""".split()  # noqa: SIM905  # a table reads better


@pytest.mark.parametrize("address", INSIDE)
def test_what_is_not_global_unicast_is_refused(address: str) -> None:
    """Loopback, private, link-local, metadata, multicast, and everything that embeds another address."""
    refusal = address_refusal(address, 443, RULES)
    assert refusal is not None
    assert address not in refusal, "a stranger's endpoint would be told what a name resolves to inside"


@pytest.mark.parametrize("address", OUTSIDE)
def test_public_addresses_may_be_reached_at_allowed_ports_alone(address: str) -> None:
    """A mail or database port is nobody's webhook."""
    assert address_refusal(address, 443, RULES) is None
    refusal = address_refusal(address, 25, RULES)
    assert refusal is not None
    assert "port 25" in refusal


@pytest.mark.parametrize("address", ["127.0.0.1", "127.9.9.9", "fd00:1::5"])
def test_an_allowed_network_is_reached_at_any_port(address: str) -> None:
    """That is how a receiver on one's own machine is tried out."""
    assert address_refusal(address, 39_999, LOCAL) is None


@pytest.mark.parametrize("address", ["10.0.0.1", "::1", "::ffff:127.0.0.1", "fd00:2::5", "2002:7f00:1::", "0.0.0.1"])
def test_allowing_one_network_allows_no_other(address: str) -> None:
    """Nor the same addresses in another family's clothes."""
    assert address_refusal(address, 443, LOCAL) is not None


@pytest.mark.parametrize("text", ["", "localhost", "127.1", "0", "2130706433", "0x7f000001", "1.1.1.1/32", "::1]"])
def test_only_numeric_addresses_are_judged(text: str) -> None:
    """Anything else has not been resolved, and is refused."""
    assert address_refusal(text, 443, RULES) == "not an IP address"


@pytest.mark.parametrize(
    "url",
    [
        "https://user@example.com/", "https://user:secret@example.com/", "https://@example.com/", "ftp://example.com/",
        "file:///etc/passwd", "gopher://example.com/", "//example.com/", "example.com", "", "https://", "https:///x",
        "https://127.0.0.1/", "https://[::1]/", "https://[::ffff:7f00:1]/", "https://[64:ff9b::7f00:1]/",
        "https://[2002:7f00:1::]/", "https://[fe80::1%25eth0]/", "https://0/", "https://127.1/", "https://127.1./",
        "https://2130706433/", "https://0x7f000001/", "https://0x7f.1/", "https://0177.0.0.1/", "https://0X7F000001/",
        "https://example.com.0x7f/", "https://169.254.169.254/latest/meta-data", "https://1.1.1.1:22/",
        "https://example.com:25/", "https://example.com:99999/", "https://example.com:x/", "https://exa mple.com/",
        "https://example.com\\@127.0.0.1/", "https://example.com/\r\nHost: x", "https://example.com/\x00",
        "https://１２７.0.0.1/", "https://ⓛocalhost/", "https://example.com/#part", "https://[::1",
        "javascript:alert(1)",
        "https://example.com/" + "x" * 2_048,
    ],
)  # fmt: skip
def test_a_url_that_cannot_be_meant_well_is_refused_when_it_is_given(url: str) -> None:
    """The dial refuses it too; here a person still reads the reason."""
    assert url_refusal(url, RULES) is not None


@pytest.mark.parametrize(
    "url",
    [
        "https://example.com", "http://example.com/hook", "https://example.com:8443/a?b=c", "https://8.8.8.8/",
        "https://[2606:4700::1111]/", "https://xn--bcher-kva.example/", "https://a.b.c.d.example/", "https://1.example/",
        "HTTPS://EXAMPLE.COM/",
    ],
)  # fmt: skip
def test_plain_urls_are_taken(url: str) -> None:
    assert url_refusal(url, RULES) is None


def test_a_name_may_have_any_port_where_a_network_is_allowed() -> None:
    """``http://localhost:9000`` leads into it; only the dial can tell."""
    assert url_refusal("http://localhost:9000/", LOCAL) is None
    assert url_refusal("http://127.0.0.1:9000/", LOCAL) is None
    assert url_refusal("http://localhost:9000/", RULES) is not None


@given(st.text(max_size=60))
def test_no_text_breaks_the_judgement(text: str) -> None:
    """URLs come from strangers."""
    assert url_refusal(text, RULES) is not None or text.lower().startswith("http")
    address_refusal(text, 443, RULES)
