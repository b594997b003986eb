// An XMPP client on QXmpp with its OMEMO 2 (libomemo-c), driven by JSON lines: the protocol at the top of python/slixmpp_client.py.
//
//   qxmpp-client JID HOST PORT [LABEL], the password as the first line of standard input: {"password": TEXT}
//
// Methods: say, send_plain, subscribe, known_devices. Events: message, plain, disconnected. QXmpp tells neither device ids nor
// empty messages, and cannot read OMEMO in rooms.
#include <QCoreApplication>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QSocketNotifier>

#include <functional>
#include <iostream>
#include <optional>
#include <unistd.h>
#include <variant>

#include "QXmppCarbonManagerV2.h"
#include "QXmppClient.h"
#include "QXmppConfiguration.h"
#include "QXmppE2eeMetadata.h"
#include "QXmppMessage.h"
#include "QXmppOmemoManager.h"
#include "QXmppOmemoMemoryStorage.h"
#include "QXmppPubSubManager.h"
#include "QXmppRosterManager.h"
#include "QXmppSendResult.h"
#include "QXmppTask.h"
#include "QXmppTrustManager.h"
#include "QXmppTrustMemoryStorage.h"
#include "QXmppUtils.h"

namespace {

void writeLine(const QJsonObject &line)
{
    std::cout << QJsonDocument(line).toJson(QJsonDocument::Compact).constData() << std::endl;
}

void answer(int id, const QJsonValue &result)
{
    writeLine({ { "id", id }, { "result", result }, { "effects", QJsonArray() } });
}

void refuse(int id, const QString &exception, const QString &message)
{
    const QJsonObject error { { "exception", exception }, { "message", message }, { "causes", QJsonArray() } };
    writeLine({ { "id", id }, { "error", error }, { "effects", QJsonArray() } });
}

QString base64(const QByteArray &bytes)
{
    return QString::fromLatin1(bytes.toBase64());
}

// As python-omemo's driver names them.
QString nameOf(QXmpp::TrustLevel level)
{
    switch (level) {
    case QXmpp::TrustLevel::AutomaticallyTrusted:
    case QXmpp::TrustLevel::ManuallyTrusted:
    case QXmpp::TrustLevel::Authenticated:
        return "trusted";
    case QXmpp::TrustLevel::AutomaticallyDistrusted:
    case QXmpp::TrustLevel::ManuallyDistrusted:
        return "distrusted";
    default:
        return "undecided";
    }
}

class Program : public QObject
{
public:
    Program(const QString &jid, const QString &host, int port, const QString &label)
        : m_label(label), m_omemo(new QXmppOmemoManager(&m_omemoStorage)), m_input(STDIN_FILENO, QSocketNotifier::Read)
    {
        m_client.addNewExtension<QXmppPubSubManager>();
        m_client.addNewExtension<QXmppTrustManager>(&m_trustStorage);
        m_client.addNewExtension<QXmppCarbonManagerV2>();
        m_client.addExtension(m_omemo);
        m_client.setEncryptionExtension(m_omemo);
        // Every key is trusted as long as none of that account was authenticated by hand, and nobody does that here.
        m_omemo->setSecurityPolicy(QXmpp::Toakafa);
        m_omemo->setAcceptedSessionBuildingTrustLevels(QXmpp::TrustLevel::AutomaticallyTrusted);

        m_configuration.setJid(jid);
        m_configuration.setHost(host);
        m_configuration.setPort(port);
        m_configuration.setResource("qxmpp-" + QXmppUtils::generateStanzaHash(6));
        m_configuration.setStreamSecurityMode(QXmppConfiguration::TLSDisabled);
        m_configuration.setAutoReconnectionEnabled(false);
        m_configuration.setAutoAcceptSubscriptions(true);

        connect(&m_client, &QXmppClient::connected, this, [this] { connected(); });
        connect(&m_client, &QXmppClient::errorOccurred, this, [this](const QXmppError &error) { fail(error.description); });
        connect(&m_client, &QXmppClient::disconnected, this, [] { writeLine({ { "event", "disconnected" } }); });
        connect(&m_client, &QXmppClient::messageReceived, this, [this](const QXmppMessage &message) { arrived(message); });
        connect(&m_input, &QSocketNotifier::activated, this, [this] { readInput(); });
    }

private:
    void connected()
    {
        m_omemo->changeDeviceLabel(m_label).then(this, [this](bool) {
            m_omemo->setUp().then(this, [this](bool done) {
                if (!done)
                    return fail("OMEMO could not be set up");
                m_omemo->ownKey().then(this, [this](QByteArray key) {
                    m_ready = true;
                    const auto jid = m_client.configuration().jid();
                    writeLine({ { "ready", QJsonObject { { "jid", jid }, { "identityKey", base64(key) } } } });
                });
            });
        });
    }

    void fail(const QString &why)
    {
        if (m_ready)
            return;
        refuse(0, "Refused", why);
        QCoreApplication::exit(1);
    }

    void arrived(const QXmppMessage &message)
    {
        const auto sealed = message.e2eeMetadata();
        const bool read = sealed && sealed->encryption() == QXmpp::Omemo2;
        if (message.body().isEmpty())
            return;
        const auto from = message.from();
        QJsonObject event { { "event", read ? "message" : "plain" }, { "from", from }, { "to", message.to() }, { "id", message.id() },
                            { "body", message.body() } };
        if (message.isCarbonForwarded()) {
            const bool own = QXmppUtils::jidToBareJid(from) == m_client.configuration().jidBare();
            event["carbon"] = own ? "sent" : "received";
        }
        if (read) {
            event["sender"] = QXmppUtils::jidToBareJid(from);
            event["senderKey"] = base64(sealed->senderKey());
        }
        writeLine(event);
    }

    void say(int id, const QString &to, const QString &body)
    {
        // QXmpp encrypts for the devices that it knows and reports success when it knows none: so ask first.
        m_omemo->requestDeviceLists({ to }).then(this, [this, id, to, body](auto &&) {
            QXmppMessage message({}, to, body);
            message.setId(QXmppUtils::generateStanzaUuid());
            message.setType(QXmppMessage::Chat);
            const auto stanzaId = message.id();
            m_client.sendSensitive(std::move(message)).then(this, [id, stanzaId](QXmpp::SendResult &&result) {
                if (const auto *error = std::get_if<QXmppError>(&result))
                    refuse(id, "SendError", error->description);
                else
                    answer(id, QJsonObject { { "id", stanzaId } });
            });
        });
    }

    void knownDevices(int id, const QString &jid)
    {
        m_omemo->devices({ jid }).then(this, [id](QVector<QXmppOmemoDevice> devices) {
            QJsonArray list;
            for (const auto &device : devices) {
                const auto label = device.label().isEmpty() ? QJsonValue() : QJsonValue(device.label());
                list << QJsonObject { { "label", label }, { "identityKey", base64(device.keyId()) }, { "trust", nameOf(device.trustLevel()) } };
            }
            answer(id, list);
        });
    }

    void serve(const QJsonObject &request)
    {
        const auto id = request["id"].toInt();
        const auto method = request["method"].toString();
        const auto params = request["params"].toObject();
        if (method == "say") {
            say(id, params["to"].toString(), params["body"].toString());
        } else if (method == "send_plain") {
            m_client.sendPacket(QXmppMessage({}, params["to"].toString(), params["body"].toString()));
            answer(id, {});
        } else if (method == "subscribe") {
            m_client.findExtension<QXmppRosterManager>()->subscribe(params["to"].toString());
            answer(id, {});
        } else if (method == "known_devices") {
            knownDevices(id, params["jid"].toString());
        } else {
            refuse(id, "KeyError", method);
        }
    }

    void readInput()
    {
        char buffer[65536];
        const auto count = ::read(STDIN_FILENO, buffer, sizeof buffer);
        if (count <= 0) {
            m_input.setEnabled(false);
            QCoreApplication::exit(0);
            return;
        }
        m_pending.append(buffer, count);
        for (qsizetype end; (end = m_pending.indexOf('\n')) >= 0; m_pending.remove(0, end + 1)) {
            const auto line = QJsonDocument::fromJson(m_pending.left(end)).object();
            if (line.contains("password")) {
                m_configuration.setPassword(line["password"].toString());
                m_client.connectToServer(m_configuration);
            } else {
                serve(line);
            }
        }
    }

    QString m_label;
    QXmppTrustMemoryStorage m_trustStorage;
    QXmppOmemoMemoryStorage m_omemoStorage;
    QXmppClient m_client;
    QXmppOmemoManager *m_omemo; // owned by the client, as its extension
    QXmppConfiguration m_configuration;
    QSocketNotifier m_input;
    QByteArray m_pending;
    bool m_ready = false;
};

}

int main(int argc, char **argv)
{
    QCoreApplication app(argc, argv);
    const auto arguments = app.arguments();
    if (arguments.size() < 4) {
        std::cerr << "usage: qxmpp-client JID HOST PORT [LABEL]\n";
        return 2;
    }
    Program program(arguments[1], arguments[2], arguments[3].toInt(), arguments.value(4));
    return app.exec();
}
